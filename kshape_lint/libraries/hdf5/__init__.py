"""HDF5 files: what their headers say, and what `h5py` makes of them."""
