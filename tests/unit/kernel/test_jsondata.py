"""Event data through JSON, checked against json itself."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from py_app.kernel.jsondata import canonical, clone

numbers = st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
keys = st.text(max_size=8) | st.integers() | st.booleans() | st.none()
values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=20,
)


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


@given(values)
def test_the_same_as_a_trip_through_json(value: Any) -> None:
    expected = _sorted(json.loads(json.dumps(value)))
    # As text: that tells 1 from 1.0 and True, and shows the order of keys.
    assert json.dumps(canonical(value)) == json.dumps(expected)


@given(values)
def test_a_clone_is_equal_and_apart(value: Any) -> None:
    value = canonical({"value": value, "list": [value]})
    copy = clone(value)
    assert copy == value
    copy["list"].append(1)
    assert copy != value


@pytest.mark.parametrize("value", [math.nan, [math.inf], {"a": -math.inf}, "\ud800", {"\udfff": 1}, 10**400])
def test_what_json_cannot_carry(value: Any) -> None:
    with pytest.raises(RuntimeError, match=r"^Bad plan: .* at line 1 column \d+$"):
        canonical(value, "Bad plan")


def test_large_integers_become_floats() -> None:
    assert repr(canonical([2**64, -(2**63) - 1])) == "[1.8446744073709552e+19, -9.223372036854776e+18]"


def test_surrogate_pairs_become_the_character_they_mean() -> None:
    assert canonical("\ud83d\ude00") == "😀"
