"""All tests. What they share stands in `tests/hulp`, and tells as much as they do when it fails."""

import pytest

pytest.register_assert_rewrite("tests.hulp")
