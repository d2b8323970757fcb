"""Which Keras a script is meant for."""

from __future__ import annotations

import pytest

from kshape_lint.faces import majors


@pytest.mark.parametrize(
    ("text", "major"),
    [
        ("import keras", 3),
        ("import tf_keras as keras", 2),
        ("import tensorflow as tf, tf_keras", 2),
        ("if x:\n    from tf_keras.layers import Dense", 2),
        ("import keras\nimport tf_keras", 3),
        ("# import tf_keras", 3),
        ("import os\nos.environ['TF_USE_LEGACY_KERAS'] = '1'\nimport tensorflow", 2),
        ('os.environ.setdefault("TF_USE_LEGACY_KERAS", "True")', 2),
        ("os.environ.update(TF_USE_LEGACY_KERAS='1')", 2),
        ("os.environ['TF_USE_LEGACY_KERAS'] = '0'", 3),
        ("del os.environ['TF_USE_LEGACY_KERAS']", 3),
    ],
)
def test_what_the_script_tells(text, major):
    assert majors.inferred(text) == (major,)


@pytest.mark.parametrize(
    ("requirement", "major"),
    [
        ("tensorflow<2.16", 2),
        ("tensorflow>=2.10,<2.16  # for the old Keras", 2),
        ("tensorflow==2.15.0", 2),
        ("tensorflow-gpu==2.10.*; sys_platform == 'linux'", 2),
        ("tensorflow_cpu ~= 2.12.1", 2),
        ("tensorflow~=2.12", 3),
        ("tensorflow<=2.15", 2),
        ("tensorflow<=2.16", 3),
        ("tensorflow>=2.10", 3),
        ("tensorflow==2.17.1", 3),
        ("tensorflow", 3),
        ("keras<3", 2),
        ("keras==2.3.1", 2),
        ("keras==3.1", 3),
        ("tensorflow-datasets==1.0", 3),
        ("keras-tuner<1", 3),
        ("tensorflow @ https://example.com/x.whl", 3),
        ("tensorflow == nonsense", 3),
    ],
)
def test_what_the_project_requires(tmp_path, requirement, major):
    majors._project_requires_2.cache_clear()
    (tmp_path / ".git").mkdir()
    (tmp_path / "src").mkdir()
    (tmp_path / "requirements.txt").write_text(f"numpy\n{requirement}\n")
    assert majors.inferred("import keras", str(tmp_path / "src" / "train.py")) == (major,)
    majors._project_requires_2.cache_clear()
    (tmp_path / "requirements.txt").unlink()
    (tmp_path / "pyproject.toml").write_text(f'[project]\nname = "x"\ndependencies = ["numpy", "{requirement}"]\n')
    assert majors.inferred("import keras", str(tmp_path / "src" / "train.py")) == (major,)


def test_the_nearest_requirements_decide(tmp_path):
    majors._project_requires_2.cache_clear()
    (tmp_path / ".git").mkdir()
    (tmp_path / "new").mkdir()
    (tmp_path / "requirements.txt").write_text("tensorflow<2.16\n")
    (tmp_path / "new" / "requirements.txt").write_text("tensorflow>=2.16\n")
    assert majors.inferred("import keras", str(tmp_path / "new" / "a.py")) == (3,)
    assert majors.inferred("import keras", str(tmp_path / "a.py")) == (2,)


def test_the_command_and_the_user(run, tmp_path):
    (tmp_path / "a.py").write_text("import tf_keras\n# keras\nonly3(1)\n")
    assert run("a.py").code == 0
    assert run("--keras", "3", "a.py").code == 1
    (tmp_path / "pyproject.toml").write_text("[tool.kshape_lint]\nkeras = 3\n")
    assert run("a.py").code == 1


def test_flake8_and_the_user(faked, tmp_path):
    (tmp_path / "a.py").write_text("import tf_keras\n# keras\nonly3(1)\n")
    assert faked("a.py") == []
    assert len(faked("--ksh-keras", "3", "a.py")) == 1
