"""One line for each function of NumPy that is modelled: the shape inferred must be the shape NumPy gives."""

from __future__ import annotations

import warnings

import pytest

from kshape_lint import check_source

np = pytest.importorskip("numpy")

SETUP = """
import numpy as np
x = np.ones((6, 4))
y = np.zeros((6,))
c = np.zeros((3, 4, 5))
sq = np.eye(4)
i = np.array([0, 2, 1])
mask = np.array([True, False, True, True, False, True])
images = np.zeros((10, 8, 8, 3), dtype="uint8")
labels = np.arange(10) % 3
rng = np.random.default_rng(0)
old = np.random.RandomState(0)
"""

KNOWN = """
np.zeros(3)
np.zeros((2, 3), dtype=np.float32)
np.zeros([2, 3], "int")
np.ones(shape=(4,))
np.empty((0, 3))
np.full((2, 2), 7)
np.full(3, [1, 2, 3])
np.zeros_like(x)
np.ones_like(x, dtype=int)
np.full_like(x, 3)
np.zeros_like(x, shape=(2, 2))
np.arange(10)
np.arange(2, 10)
np.arange(2, 10, 3)
np.arange(10, 0, -3)
np.arange(0, 1, 0.1)
np.arange(0.5, 4.2)
np.arange(5.0)
np.linspace(0, 1)
np.linspace(0, 1, 11)
np.linspace(0, 1, num=7)
np.linspace(np.zeros(3), np.ones(3), 5)
np.linspace(np.zeros(3), np.ones(3), 5, axis=-1)
np.logspace(0, 2, 5)
np.geomspace(1, 100, 4)
np.eye(3)
np.eye(3, 4)
np.identity(5)
np.tri(3)
np.diag([1, 2, 3])
np.diag(x)
np.diag(np.ones(3), 1)
np.diagflat([[1, 2], [3, 4]])
np.tril(x)
np.triu(sq, 1)
np.vander([1, 2, 3], 4)
np.array(5)
np.array([1, 2, 3])
np.array([[1, 2], [3, 4]])
np.array([[1, 2], (3, 4)], dtype="float32")
np.array(((1, 2, 3),))
np.array([x, x])
np.array([x[0], [1, 2, 3, 4]])
np.array([])
np.array([[], []])
np.array("abc")
np.array(["a", "bc"])
np.array([1, 2], ndmin=3)
np.array(range(5))
np.array([[r] * 3 for r in range(4)])
np.array([i for i in range(10) if i % 2 == 0])
np.asarray([[1, 2, 3]])
np.asanyarray(x)
np.ascontiguousarray(5.0)
np.copy(x)
np.array({1: 2})
np.float32(3)
np.float64([1, 2])
np.int64(x)
np.fromiter([1, 2, 3], dtype=float)
np.fromiter((k for k in range(4)), float, count=4)
np.fromfunction(lambda a, b: a + b, (3, 5))
np.meshgrid(np.arange(3), np.arange(5))[0]
np.meshgrid(np.arange(3), np.arange(5), indexing="ij")[1]
np.meshgrid(np.arange(3), np.arange(5), sparse=True)[0]
np.mgrid[0:3, 0:5]
np.mgrid[0:10:5j]
np.ogrid[0:3, 0:5][1]
np.indices((2, 3))
np.broadcast_to(y, (3, 6))
np.broadcast_arrays(x, x[0])[1]
np.bincount([0, 1, 5])
np.histogram(x)[0]
np.histogram(x, bins=20)[1]
np.hanning(8)
np.kaiser(8, 14)
np.random.rand()
np.random.rand(3, 2)
np.random.randn(3)
np.random.random()
np.random.random((2, 3))
np.random.random(size=4)
np.random.random_sample(3)
np.random.randint(5)
np.random.randint(0, 5, 3)
np.random.randint(0, 5, size=(3, 2))
np.random.randint(5, size=7)
np.random.normal(size=(3, 2))
np.random.normal(0, 1, (3, 2))
np.random.normal(np.zeros(3), 1)
np.random.uniform(-1, 1, 5)
np.random.uniform(low=0, high=1, size=(2, 3))
np.random.choice(5)
np.random.choice(5, 3)
np.random.choice([1, 2, 3], size=(2, 2))
np.random.choice(y, 2, replace=False)
np.random.permutation(10)
np.random.permutation(x)
np.random.binomial(1, 0.5, 100)
np.random.poisson(3, size=(2,))
np.random.exponential(1.0, 5)
np.random.multivariate_normal(np.zeros(3), np.eye(3))
np.random.multivariate_normal([0, 0], [[1, 0], [0, 1]], 50)
np.random.multivariate_normal(mean=[0, 0], cov=np.eye(2), size=(5, 6))
np.random.dirichlet(np.ones(4), size=3)
np.random.multinomial(20, [0.5, 0.5], size=3)
np.random.standard_normal((2, 2))
np.random.beta(2, 3, size=4)
np.random.gamma(2.0, size=3)
rng.random((3, 4))
rng.random(3, dtype=np.float32)
rng.integers(0, 10, size=5)
rng.integers(10, size=(2, 2))
rng.normal(size=(3,))
rng.standard_normal((3, 4))
rng.uniform(size=6)
rng.choice(10, 4, replace=False)
rng.choice(x, 2)
rng.choice(x, 2, axis=1)
rng.permutation(5)
rng.permuted(x, axis=1)
old.rand(3, 2)
old.randint(0, 3, 4)
old.normal(size=5)
old.permutation(7)
x.reshape(24)
x.reshape(4, 6)
x.reshape((4, -1))
x.reshape([2, 12])
x.reshape(-1)
x.reshape(x.shape[0], 2, 2)
x.reshape(2, -1, 3)
x.reshape(*c.shape[1:2], -1)
np.reshape(x, (3, 8))
np.reshape(x, -1)
np.reshape(x, newshape=(3, 8)) if False else x
np.reshape([1, 2, 3, 4], (2, 2))
np.reshape(x, (8, 3), order="F")
np.resize(x, (3, 3))
x.ravel()
np.ravel(x)
x.flatten()
x.flatten("F")
np.squeeze(x[None])
np.squeeze(x[None, ..., None], axis=0)
x[None].squeeze(0)
np.squeeze(x[None, ..., None], axis=(0, -1))
np.expand_dims(x, 0)
np.expand_dims(x, axis=-1)
np.expand_dims(x, (0, 3))
np.expand_dims([1, 2], 1)
x.T
np.transpose(c)
np.transpose(c, (1, 0, 2))
c.transpose(2, 0, 1)
c.transpose((2, 0, 1))
c.transpose()
np.transpose(c, axes=[0, 2, 1])
np.swapaxes(c, 0, 2)
c.swapaxes(1, -1)
np.moveaxis(c, 0, -1)
np.moveaxis(c, [0, 1], [1, 2])
np.rollaxis(c, 2)
np.rollaxis(c, 1, 3)
np.flip(x)
np.flip(x, 0)
np.flipud(x)
np.fliplr(x)
np.roll(x, 2)
np.roll(x, (1, 2), axis=(0, 1))
np.rot90(x)
np.rot90(images, 2, axes=(1, 2))
np.rot90(c, axes=(0, 2))
np.atleast_1d(3)
np.atleast_2d([1, 2])
np.atleast_3d(x)
np.atleast_3d([1, 2])
np.concatenate([x, x])
np.concatenate((x, x), axis=1)
np.concatenate([x, x], axis=-1)
np.concatenate([x, x], axis=None)
np.concatenate([x, [[1, 2, 3, 4]]])
np.concatenate([[1, 2], [3]])
np.concatenate(c, axis=0)
np.stack([x, x])
np.stack([x, x], axis=1)
np.stack((x, x, x), -1)
np.vstack([x, x])
np.vstack((y, y))
np.vstack([y, np.ones((2, 6))])
np.hstack([x, x])
np.hstack((y, y))
np.hstack(([1], [2, 3]))
np.dstack([x, x])
np.dstack((y, y))
np.column_stack([y, y])
np.column_stack((y, x))
np.r_[1, 2, 3]
np.r_[y, 0, y]
np.r_[0:5, 3]
np.r_[0:1:5j]
np.c_[y, y]
np.c_[x, y]
np.block([[sq, sq], [sq, sq]])
np.split(x, 3)[0]
np.split(x, [2, 3])[2]
np.split(x, 2, axis=1)[1]
np.array_split(x, 4)[0]
np.array_split(x, 4)[3]
np.hsplit(x, 2)[0]
np.vsplit(x, 2)[0]
np.dsplit(c, 5)[0]
np.tile(x, 2)
np.tile(x, (2, 1))
np.tile(y, (2, 1))
np.tile([1, 2], (2, 2, 2))
np.repeat(x, 2)
np.repeat(x, 2, axis=0)
x.repeat(3, axis=1)
np.repeat([1, 2], [3, 4])
np.repeat(5, 3)
np.repeat(x, np.array([1, 2, 3, 1, 1, 1]), axis=0)
np.pad(x, 1)
np.pad(x, (1, 2))
np.pad(x, ((0, 0), (1, 1)))
np.pad(x, ((0, 0), (1, 1)), "constant", constant_values=0)
np.pad(y, (0, 4), mode="edge")
np.append(x, x)
np.append(x, x, axis=0)
np.append(y, 1)
np.append([], 3)
np.insert(y, 2, 9)
np.insert(x, 0, 1, axis=1)
np.insert(y, [1, 2], [5, 6])
np.delete(x, 0)
np.delete(x, 1, axis=1)
np.delete(x, [0, 2], axis=0)
np.diff(x)
np.diff(y, n=2)
np.diff(x, axis=0)
np.gradient(y)
x.sum()
x.sum(axis=0)
x.sum(0)
x.sum(axis=(0, 1))
x.sum(axis=1, keepdims=True)
np.sum(x, 1)
np.sum(c, axis=(0, -1), keepdims=True)
np.sum([1, 2, 3])
np.mean(x, axis=0)
x.mean(axis=(0,))
x.std(0)
np.var(x, axis=1, ddof=1)
np.std(x, axis=0, keepdims=True)
np.max(x)
x.max(axis=1)
np.amin(x, 0)
x.min()
np.prod(c.shape)
np.prod(c, axis=1)
np.median(x, axis=0)
np.percentile(x, 50)
np.percentile(x, [25, 75], axis=0)
np.quantile(x, 0.5, axis=1)
np.average(x, axis=0)
np.average(x, axis=0, weights=y + 1)
np.nanmean(x, axis=0)
np.nansum(x)
np.all(x > 0)
np.any(x > 0, axis=1)
(x > 0).all(axis=0)
np.ptp(x, axis=0)
np.count_nonzero(x)
np.count_nonzero(x, axis=0)
np.argmax(x)
np.argmax(x, axis=1)
x.argmax(axis=-1)
np.argmin(x, 0)
np.argmax(x, axis=1, keepdims=True)
np.cumsum(x)
np.cumsum(x, axis=0)
x.cumsum(axis=1)
np.cumprod(y)
np.cov(x)
np.cov(x, rowvar=False)
np.corrcoef(x.T)
np.linalg.norm(x)
np.linalg.norm(x, axis=1)
np.linalg.norm(x, axis=1, keepdims=True)
np.add.reduce(x)
np.exp(x)
np.log1p(y)
np.sqrt(4)
np.abs(x)
np.absolute([1, -2])
np.sin(c)
np.square(x)
np.sign(x)
np.floor(x)
np.ceil(y)
np.isnan(x)
np.isfinite(y)
np.logical_not(mask)
np.round(x, 2)
np.around(x)
np.rint(x)
np.clip(x, 0, 1)
x.clip(0, 1)
np.clip(x, np.zeros(4), np.ones(4))
np.nan_to_num(x)
np.maximum(x, 0)
np.maximum(x, x[0])
np.minimum(x, y[:, None])
np.add(x, 1)
np.subtract(x, x)
np.multiply(c, c[0])
np.divide(x, 2)
np.power(x, 2)
np.mod(y, 2)
np.greater(x, 0.5)
np.equal(x, x)
np.logical_and(x > 0, x < 1)
np.arctan2(y, y)
np.hypot(3, 4)
np.isclose(x, x)
np.where(x > 0, x, 0)
np.where(x > 0, 1, 0)
np.where(mask[:, None], x, x[0])
np.select([x > 0, x < 0], [x, -x])
np.interp([1.5, 2.5], [1, 2, 3], [3, 2, 0])
np.digitize(x, [0, 1])
np.isin(labels, [1, 2])
np.sort(x)
np.sort(x, axis=0)
np.sort(x, axis=None)
np.argsort(x)
x.argsort(axis=0)
np.argsort(y)[::-1]
np.argsort(y)[:3]
np.argpartition(y, 2)
np.searchsorted(y, [1, 2])
np.searchsorted(y, 3)
np.take(x, [0, 1])
np.take(x, [0, 1], axis=0)
np.take(x, 2, axis=1)
x.take(i, axis=0)
np.take_along_axis(x, np.argsort(x, axis=1), axis=1)
np.take_along_axis(x, np.argmax(x, axis=1)[:, None], axis=1)
np.choose([0, 1, 0], [[1, 2, 3], [4, 5, 6]])
np.flatnonzero([1, 1])[:0]
np.unravel_index(5, (3, 4))[0]
np.triu_indices(4)[0]
np.triu_indices(4, k=1)[0]
np.ix_([0, 1], [0, 1, 2])[1]
x[np.ix_([0, 1], [0, 1, 2])]
np.unique([1, 2, 2])
np.matmul(x, x.T)
x @ sq
x @ np.ones(4)
np.ones(6) @ x
c @ np.ones((5, 2))
c @ np.ones((3, 5, 2))
np.dot(x, sq)
np.dot(x, np.ones(4))
np.dot(y, y)
x.dot(sq)
np.dot(3, x)
np.dot(c, np.ones((2, 5, 7)))
np.inner(x, x)
np.outer(y, [1, 2])
np.vdot(y, y)
np.kron(x, sq)
np.tensordot(c, np.ones((4, 5, 2)), axes=2)
np.tensordot(x, sq, 1)
np.tensordot(c, x, axes=([1], [1]))
np.tensordot(c, x, axes=(1, 1))
np.einsum("ij,jk->ik", x, sq)
np.einsum("ij,jk", x, sq)
np.einsum("ij->ji", x)
np.einsum("ii", sq)
np.einsum("bij,bkj->bik", c, c)
np.einsum("...ij,jk->...ik", c, np.ones((5, 2)))
np.einsum("i,i->", y, y)
np.cross(np.ones((5, 3)), np.ones(3))
np.trace(sq)
np.trace(c)
np.diagonal(c)
np.linalg.inv(sq)
np.linalg.pinv(x)
np.linalg.det(sq)
np.linalg.det(np.ones((3, 4, 4)))
np.linalg.eig(sq)[1]
np.linalg.eigvals(sq)
np.linalg.svd(x)[0]
np.linalg.svd(x)[1]
np.linalg.svd(x, full_matrices=False)[2]
np.linalg.svd(x, compute_uv=False)
np.linalg.qr(x)[0]
np.linalg.solve(sq, np.ones(4))
np.linalg.solve(sq, np.ones((4, 2)))
np.linalg.lstsq(x, y, rcond=None)[0]
np.linalg.matrix_rank(x)
np.linalg.cholesky(sq)
np.linalg.matrix_power(sq, 3)
np.linalg.multi_dot([x, sq, sq])
np.convolve([1, 2, 3], [0, 1])
np.convolve(y, np.ones(3), "valid")
np.convolve(y, np.ones(3), mode="same")
np.fft.fft(y)
np.fft.rfft(y)
np.fft.irfft(np.fft.rfft(y))
np.fft.fft(x, n=8, axis=0)
np.fft.fft2(x)
np.fft.fftfreq(10)
np.fft.rfftfreq(10)
np.polyfit([1, 2, 3], [1, 2, 3], 2)
np.polyval([1, 2], x)
np.vectorize(lambda v: v + 1)(x)
np.apply_along_axis(lambda r: r[:2], 1, x)
np.apply_along_axis(np.mean, 0, x)
np.lib.stride_tricks.sliding_window_view(y, 3)
np.lib.stride_tricks.sliding_window_view(x, 2, axis=0)
x[0]
x[-1]
x[0, 1]
x[0][1]
x[:, 0]
x[0:3]
x[:3]
x[3:]
x[:-2]
x[-2:]
x[::2]
x[::-1]
x[:, ::-1]
x[1:5:2, 1:]
x[10:]
x[:, :, None]
x[None]
x[np.newaxis, ...]
x[..., np.newaxis]
x[..., 0]
c[0, ..., 0]
c[:, 1]
c[1, :, 2:]
c[..., :2]
x[[0, 1]]
x[[0, 1], [0, 1]]
x[[[0, 1], [1, 0]]]
x[i]
x[i, 0]
x[i][:, i]
x[:, [0, 1]]
x[:, i]
x[i[:, None], i]
c[0, :, i]
c[:, i, i]
c[i, :, i]
x[mask]
x[mask, 0]
x[~mask]
y[mask]
labels[labels == 1]
x[np.arange(6), [0, 1, 2, 3, 0, 1]]
x[()]
x[slice(1, 3)]
x[(0, 1)]
x[np.random.permutation(6)]
x[np.random.permutation(6)[:4]]
np.eye(3)[labels]
np.eye(10)[np.array([1, 2]).reshape(-1)]
images[..., 0]
images[:, :, :, ::-1]
images[..., [2, 1, 0]]
images[0].astype("float32") / 255.0
(images / 255.0).reshape(len(images), -1)
images.reshape((images.shape[0],) + (8, 8, 3))
images.reshape(images.shape[0], np.prod(images.shape[1:]))
x.astype(np.float32)
x.astype("int32")
x.copy()
x.view()
x.real
x.flat
x.round(1)
x.nonzero()[0][:0]
x + 1
1 + x
x + x
x - x.mean(axis=0)
x - x.mean(axis=1, keepdims=True)
(x - x.min()) / (x.max() - x.min())
x * y[:, None]
y[:, None] - y[None, :]
y + [1, 2, 3, 4, 5, 6]
[1, 2, 3, 4] + x
2 ** x
x / 255
x // 2
x % 2
-x
~mask
x > 0.5
(x > 0.5) & (x < 1)
0.5 < x
x == x
x != 3
x + 1j
np.zeros((x.shape[0], 3))
np.zeros(x.shape)
np.zeros((x.size,))
np.zeros(x.ndim)
np.zeros(len(x))
np.zeros((*x.shape, 2))
np.zeros(x.shape + (2,))
np.zeros(x.shape[1:])
np.zeros(int(x.shape[0] * 0.5))
np.zeros(np.shape(x))
np.zeros(np.ndim(x))
np.zeros(np.size(x))
np.zeros(np.size(x, 0))
np.zeros(int(np.ceil(7 / 2)))
np.zeros(int(np.sqrt(16)))
np.zeros(np.max([1, 5, 3]))
np.zeros(labels.max() + 1)
np.zeros((len(labels), np.max(labels) + 1))
np.zeros(np.array([2, 3]))
np.zeros(np.array(x.shape) // 2)
np.zeros(np.product(x.shape) if False else 3)
np.array([a.mean(axis=0) for a in [x, x, x]])
np.array(list(map(lambda r: r * 2, [x, x])))
np.array([row for row in x])
np.array([(a, b) for a, b in zip(range(3), range(3))])
np.concatenate([x[k:k + 1] for k in range(3)])
np.array(x.tolist())
np.asarray(list(x))
np.mean([x, x], axis=0)
sum([x, x])
np.divmod(x, 2)[1]
np.modf(x)[0]
np.unique(labels)
np.trapezoid(x, axis=0)
np.mean(x.T @ x)
np.sum(x ** 2, axis=1)[:, None] + np.sum(x ** 2, axis=1) - 2 * x @ x.T
np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
"""

REFUSED = """
x.reshape(5, 5)  # KSH101
np.reshape(x, (4, 7))  # KSH101
x.reshape(-1, 5)  # KSH102
x.reshape(-1, -1)  # KSH103
x.sum(axis=2)  # KSH104
np.mean(y, axis=1)  # KSH104
np.argmax(y, axis=1)  # KSH104
np.concatenate([y, y], axis=1)  # KSH104
np.stack([x, x], axis=3)  # KSH104
np.expand_dims(x, 3)  # KSH104
x.max(axis=(0, 0))  # KSH104
np.sort(y, axis=1)  # KSH104
np.swapaxes(x, 0, 2)  # KSH104
x + y  # KSH105
x - np.ones((3, 4))  # KSH105
x == np.ones(5)  # KSH105
np.maximum(x, np.ones(5))  # KSH105
np.where(x > 0, y, 0)  # KSH105
x * [1, 2, 3]  # KSH105
np.broadcast_to(x, (3, 4))  # KSH105
np.concatenate([x, y])  # KSH106
np.concatenate([x, np.ones((6, 3))])  # KSH106
np.stack([x, x[:3]])  # KSH106
np.vstack([x, y])  # KSH106
np.hstack([x, np.ones((5, 4))])  # KSH106
np.column_stack([y, np.ones(5)])  # KSH106
np.append(x, y, axis=0)  # KSH106
np.array([[1, 2], [3]])  # KSH106
np.array([x, y])  # KSH106
np.c_[y, np.ones(5)]  # KSH106
x @ x  # KSH107
np.matmul(x, y)  # KSH107
np.dot(x, x)  # KSH107
x.dot(y)  # KSH107
np.inner(x, y)  # KSH107
np.tensordot(x, x, 1)  # KSH107
c.transpose(0, 1)  # KSH108
np.transpose(x, (0, 1, 2))  # KSH108
x[0, 0, 0]  # KSH109
y[:, 0]  # KSH109
x[..., 0, 0, 0]  # KSH109
x[6]  # KSH111
x[:, 4]  # KSH111
x[-7]  # KSH111
x[[0, 6]]  # KSH111
np.take(x, 6, axis=0)  # KSH111
np.squeeze(x, axis=0)  # KSH112
x.squeeze(1)  # KSH112
np.split(x, 4)  # KSH113
np.hsplit(x, 3)  # KSH113
np.einsum("ij,jk->ik", x, x)  # KSH114
np.einsum("ijk->i", x)  # KSH114
np.einsum("ij,jk->ik", x)  # KSH114
np.linalg.inv(y)  # KSH115
np.linalg.inv(x)  # KSH115
np.linalg.det(x)  # KSH115
x[np.ones(5, dtype=bool)]  # KSH116
x[mask[:4]]  # KSH116
np.pad(x, ((0, 0), (0, 0), (1, 1)))  # KSH115
np.delete(x, 6, axis=0)  # KSH111
np.zeros((2, 3))[np.array([True, False, True])]  # KSH116
"""


def _lines(text: str) -> list[str]:
    return [line for line in text.strip().split("\n") if line]


def _inferred() -> dict[str, object]:
    expressions = _lines(KNOWN)
    source = SETUP + "".join(f"reveal_shape({e})\n" for e in expressions)
    start = SETUP.count("\n") + 1
    out: dict[str, object] = {}
    for f in check_source(source, filename="known.py"):
        expression = expressions[f.place.row - start]
        out[expression] = f.shape if f.code == "KSH900" else f"{f.code} {f.message}"
    return out


@pytest.fixture(scope="module")
def inferred() -> dict[str, object]:
    return _inferred()


def _real(expression: str) -> object:
    names: dict[str, object] = {}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        exec(SETUP, names)
        return eval(expression, names)


@pytest.mark.parametrize("expression", _lines(KNOWN))
def test_shape(expression: str, inferred: dict[str, object]) -> None:
    real = list(np.shape(_real(expression)))
    assert inferred.get(expression) == real


@pytest.mark.parametrize("line", _lines(REFUSED))
def test_refusal(line: str) -> None:
    expression, _, code = line.partition("  # ")
    with pytest.raises((ValueError, IndexError)):
        _real(expression)
    findings = check_source(SETUP + expression + "\n", filename="refused.py")
    assert [f.code for f in findings] == [code]
