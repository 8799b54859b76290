from __future__ import annotations

from collections import Counter

from nodes.diffusion.datasets.captions import caption, on_background, style_caption, vocabulary
from nodes.diffusion.datasets.manifest import Manifest, Record
from nodes.diffusion.datasets.plans import EMOJI_TEMPLATES, CaptionPlan
from nodes.diffusion.datasets.random import numbers

APPLE = Record(
    path="noto/1f34e.png",
    sha256="00",
    caption="red apple",
    label="red apple",
    tags=("fruit", "food", "healthy"),
    style="noto",
)
MIX = CaptionPlan(templates=EMOJI_TEMPLATES)


def draw(plan: CaptionPlan, step: int, *, record: Record = APPLE, colour: str = "white") -> str:
    return caption(record, plan, numbers("caption", 0, step), colour=colour)


def kind(text: str) -> str:
    if not text or text == "red apple":
        return text
    return "style" if text == "a noto emoji of red apple" else "tags"


def test_the_mix_has_the_shares_that_were_asked_for() -> None:
    count = 10_000
    found = Counter(kind(draw(MIX, step)) for step in range(count))
    wanted = {"red apple": 0.4, "style": 0.3, "tags": 0.2, "": 0.1}
    for name, share in wanted.items():
        sigma = (count * share * (1 - share)) ** 0.5
        assert abs(found[name] - count * share) < 4 * sigma, name


def test_captions_depend_on_the_step_alone() -> None:
    assert [draw(MIX, step) for step in range(50)] == [draw(MIX, step) for step in range(50)]


def test_two_different_tags_follow_the_label() -> None:
    plan = CaptionPlan(templates=(("{label}, {tags}", 1.0),))
    for step in range(20):
        label, *tags = draw(plan, step).split(", ")
        assert label == "red apple"
        assert len(set(tags)) == 2
        assert set(tags) <= set(APPLE.tags)


def test_a_background_is_named_only_when_it_is_not_the_default() -> None:
    plan = CaptionPlan()
    assert draw(plan, 0, colour="blue") == "red apple on a blue background"
    assert draw(plan, 0, colour="white") == "red apple"
    assert draw(CaptionPlan(backgrounds=False), 0, colour="blue") == "red apple"


def test_an_empty_caption_stays_empty_with_a_background_and_a_prefix() -> None:
    plan = CaptionPlan(dropout=1.0, prefix="sks ")
    assert draw(plan, 0, colour="blue") == ""


def test_dropout_does_not_change_the_captions_that_stay() -> None:
    kept = CaptionPlan(templates=EMOJI_TEMPLATES, dropout=0.3)
    pairs = [(draw(MIX, step), draw(kept, step)) for step in range(200)]
    assert all(after in {"", before} for before, after in pairs)
    assert any(before and not after for before, after in pairs)


def test_prefix_and_suffix_surround_the_caption() -> None:
    assert draw(CaptionPlan(prefix="sks ", suffix=", best"), 0) == "sks red apple, best"


def test_shuffling_keeps_the_first_parts_in_place() -> None:
    record = Record(path="x", sha256="1", caption="1girl, solo, smile, hat, tree")
    plan = CaptionPlan(shuffle=True, keep=2)
    found = {draw(plan, step, record=record) for step in range(30)}
    assert len(found) > 3
    assert all(text.startswith("1girl, solo, ") for text in found)
    assert all(sorted(text.split(", ")) == sorted(record.caption.split(", ")) for text in found)


def test_tag_dropout_spares_the_parts_to_keep() -> None:
    record = Record(path="x", sha256="1", caption="a, b, c")
    assert draw(CaptionPlan(tag_dropout=1.0), 0, record=record) == "a"


def test_a_template_whose_field_is_missing_gives_way_to_the_caption() -> None:
    record = Record(path="x", sha256="1", caption="my cat")
    plan = CaptionPlan(templates=(("a {style} emoji of {label}", 1.0),))
    assert draw(plan, 0, record=record) == "my cat"


def test_a_style_with_two_names_is_called_by_both() -> None:
    record = Record(path="x", sha256="1", label="cat", caption="cat", style="twemoji")
    plan = CaptionPlan(templates=(("a {style} emoji of {label}", 1.0),))
    found = {draw(plan, step, record=record) for step in range(30)}
    assert found == {"a twemoji emoji of cat", "a flat sticker emoji of cat"}


def test_evaluation_asks_as_training_taught() -> None:
    assert style_caption(APPLE) == "a noto emoji of red apple"
    assert on_background("red apple", "pale blue") == "red apple on a pale blue background"


def test_the_vocabulary_holds_every_word_of_every_caption() -> None:
    from pathlib import Path

    manifest = Manifest(root=Path(), records=(APPLE,))
    plan = CaptionPlan(templates=EMOJI_TEMPLATES, prefix="sks ")
    known = {word for text in vocabulary(manifest, plan) for word in text.split()}
    for step in range(200):
        text = draw(plan, step, colour="pale green")
        assert {word.strip(",") for word in text.split()} <= known
