"""Libraries that Keras scripts bring along: TensorFlow Addons, KerasHub, Transformers, TensorFlow Hub, TensorFlow Probability, Gym.

Only what is plain is modelled: what a layer makes of a rank, which sizes its arguments fix. The rest stays unknown.
"""
