"""How long a page of a list is."""

FEW = 5  # rows of a page in large print


class ShortInLargePrint:
    """Mix into a ListView: in large print its pages hold five rows."""

    def get_paginate_by(self, queryset):
        usual = super().get_paginate_by(queryset)
        return min(FEW, usual) if "elder" in self.request.display.split() else usual
