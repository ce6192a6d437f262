from __future__ import annotations

import pytest
from PIL import Image

from bot.domain.sheets import Node
from bot.domain.trees import lay_out
from bot.media.canvas import ACCENT
from bot.media.trees import draw_tree
from tests.media.drawings import NAMES, check, read_of, reads
from tests.media.pictures import alike, opened, photo, written

MB = 2_000_000
PICTURE = read_of(written(photo(), "PNG"))


def nodes(parents: list[int | None], current: int = 0) -> list[Node]:
    return [
        Node(str(i), None if parent is None else str(parent), NAMES[i % 10], current=i == current)
        for i, parent in enumerate(parents)
    ]


SHAPES: dict[str, list[int | None]] = {
    "one": [None],
    "chain": [None, *range(49)],
    "wide": [None, *[0] * 49],
    "mixed": [None, 0, 1, 1, 3, 3, 5, 2, 7, 7, 4, 0, 11, 12, 12, 12],
    "two trees": [None, 0, 0, None, 3],
    "binary": [None, *(i // 2 for i in range(60))],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape(shape: str):
    family = nodes(SHAPES[shape])
    drawn = draw_tree(lay_out(family), {node.id: PICTURE for node in family}, max_bytes=MB)
    check(drawn, MB)
    assert max(drawn.width_px, drawn.height_px) <= 2700
    assert min(drawn.width_px, drawn.height_px) >= 420


def test_a_chain_runs_in_rows():
    drawn = draw_tree(lay_out(nodes(SHAPES["chain"])), {}, max_bytes=MB)
    assert drawn.width_px < 1300


def test_any_pictures_and_missing_ones():
    every = reads()
    family = nodes([None, *range(len(every))])
    pictures = {str(index): read for index, read in enumerate(every)}
    check(draw_tree(lay_out(family), pictures, max_bytes=MB), MB)


def test_the_current_one_stands_out():
    def marked(current: int) -> list[int]:
        layout = lay_out(nodes([None, 0, 0], current))
        image = opened(draw_tree(layout, {}, max_bytes=MB).data).convert("RGB")
        image = image.resize((image.width // 4, image.height // 4), Image.Resampling.NEAREST)
        pixels = zip(*[iter(image.tobytes())] * 3, strict=True)
        found = [i for i, pixel in enumerate(pixels) if alike(pixel, ACCENT, 40)]
        assert found
        return [min(at % image.width for at in found), min(at // image.width for at in found)]

    assert len({tuple(marked(current)) for current in range(3)}) == 3


def test_the_limit_is_kept():
    family = nodes(SHAPES["two trees"])
    pictures = {node.id: PICTURE for node in family}
    check(draw_tree(lay_out(family), pictures, max_bytes=40_000), 40_000)


def test_a_tree_of_nothing():
    with pytest.raises(ValueError, match="a node"):
        draw_tree(lay_out([]), {}, max_bytes=MB)
