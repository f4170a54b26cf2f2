"""Makes figures tabular: maps each digit to the glyph that the feature `tnum` would put in its place, and drops unused tables.

Usage: tabular.py IN.otf OUT.otf      (needs fonttools)
The toolkit shapes text without optional features, so the choice has to be made in the font itself.
"""

import sys

from fontTools import subset
from fontTools.ttLib import TTFont

SHOWN = [*range(0x20, 0x250), *range(0x370, 0x530), *range(0x2000, 0x2070), *range(0x20A0, 0x20C0), *range(0x2100, 0x2200)]
SHOWN += [*range(0x2200, 0x2270), *range(0x25A0, 0x2600), 0x2713, 0x2717]


def tabular(font):
    """Each glyph that `tnum` replaces, with its replacement."""
    table = font["GSUB"].table
    lookups = [index for record in table.FeatureList.FeatureRecord if record.FeatureTag == "tnum" for index in record.Feature.LookupListIndex]
    mapping = {}
    for index in sorted(set(lookups)):
        for part in table.LookupList.Lookup[index].SubTable:
            part = getattr(part, "ExtSubTable", part)
            mapping.update(getattr(part, "mapping", {}))
    return mapping


def main(source, target):
    font = TTFont(source)
    mapping = tabular(font)
    for table in font["cmap"].tables:
        table.cmap = {code: mapping.get(glyph, glyph) for code, glyph in table.cmap.items()}
    options = subset.Options(layout_features=["kern", "mark", "mkmk", "ccmp", "locl"], name_IDs=["*"], notdef_outline=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=SHOWN)
    subsetter.subset(font)
    font.save(target)


main(*sys.argv[1:])
