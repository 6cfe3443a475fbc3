"""A signaal from each source, and who may report from which."""

AD = {"site": "voorbeeldsite.example", "kenmerk": "ad-0001"}
BRONNEN_PER_ORGANISATIE = {
    soort: {bron: bron in bronnen.split() for bron in (
        "overlastmelding", "advertentie", "meld_misdaad_anoniem", "politie", "ketenpartner", "eigen_waarneming",
    )}
    for soort, bronnen in {
        "gemeente": "overlastmelding advertentie meld_misdaad_anoniem politie ketenpartner eigen_waarneming",
        "regio": "overlastmelding advertentie meld_misdaad_anoniem politie ketenpartner eigen_waarneming",
        "politie": "overlastmelding advertentie meld_misdaad_anoniem politie ketenpartner eigen_waarneming",
        "ketenpartner": "overlastmelding advertentie ketenpartner",
        "beheer": "",
    }.items()
}  # fmt: skip
"""Which sources the people of an organisation may name: apart from the code, in the words of the issue."""


def inhoud_van(bron):
    """The smallest signaal from a source."""
    advertentie = {"advertentie": AD} if bron == "advertentie" else {}
    return {"bron": bron, "gemeente": "GM0243", **advertentie}
