from __future__ import annotations

import msgspec

from engine.jobs.checking import Checked
from engine.jobs.job import Job, Place, submission_of

CHECKED = Checked(prompt=b"{}", targets=("1",))


def test_what_the_queue_needs_is_read_from_what_the_client_sent_along() -> None:
    extra = {
        "client_id": "me",
        "create_time": 5,
        "preview_method": "auto",
        "extra_pnginfo": {"workflow": {"id": "w"}},
        "own": [1],
    }
    made = submission_of(CHECKED, id="j", extra_data=extra, place=Place(2.5, fair=False))
    assert (made.client_id, made.created, made.previews, made.workflow_id) == ("me", 5, "auto", "w")
    assert msgspec.json.decode(made.extra_data) == extra
    assert Job.of(made).item()[0] == 2.5


def test_nonsense_in_what_the_client_sent_along_is_no_more_than_kept() -> None:
    extra = {"client_id": 3, "create_time": "now", "preview_method": [], "extra_pnginfo": 7}
    made = submission_of(CHECKED, id="j", extra_data=extra, place=Place(1.0))
    assert (made.client_id, made.previews, made.workflow_id) == (None, None, None)
    assert made.created > 0
    assert msgspec.json.decode(made.extra_data) == extra


def test_a_canvas_is_saved_beside_results_unless_the_client_sent_its_own() -> None:
    checked = Checked(prompt=b"{}", extra_pnginfo={"workflow": {"nodes": []}})
    made = submission_of(checked, id="j", extra_data={}, place=Place(1.0))
    assert msgspec.json.decode(made.extra_data)["extra_pnginfo"] == {"workflow": {"nodes": []}}
    own = {"extra_pnginfo": {"workflow": {"id": "own"}}}
    made = submission_of(checked, id="j", extra_data=own, place=Place(1.0))
    assert made.workflow_id == "own"


def test_secrets_are_in_none_of_what_is_shown() -> None:
    secrets = {"api_key_comfy_org": "hush"}
    made = submission_of(CHECKED, id="j", extra_data={}, place=Place(1.0), secrets=secrets)
    assert made.secrets == secrets
    assert b"hush" not in msgspec.json.encode(Job.of(made).item())
