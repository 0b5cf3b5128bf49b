"""Systemic medicines by what they do to CYP3A4: examples, never a complete list.

A medicine in no list is not checked, which is not the same as no interaction.
"""

SOURCE = "FDA-based list of CYP3A4 inhibitors and inducers, examples only"
READ_ON = "2026-11-22"

# class: (topic of the labels, names)
CLASSES: dict[str, tuple[str, tuple[str, ...]]] = {
    "strong CYP3A4 inhibitor": (
        "strong-cyp3a4-inhibitor",
        (
            "atazanavir", "ceritinib", "clarithromycin", "cobicistat", "darunavir", "idelalisib",
            "indinavir", "itraconazole", "ketoconazole", "levoketoconazole", "lonafarnib",
            "lopinavir", "mifepristone", "nefazodone", "nelfinavir",
            "ombitasvir-paritaprevir-ritonavir", "posaconazole", "ritonavir", "saquinavir",
            "telithromycin", "tucatinib", "voriconazole",
        ),
    ),
    "moderate CYP3A4 inhibitor": (
        "moderate-or-weak-cyp3a4-inhibitor",
        (
            "aprepitant", "berotralstat", "ciclosporin", "conivaptan", "crizotinib", "diltiazem",
            "dronedarone", "duvelisib", "erythromycin", "fedratinib", "fluconazole",
            "fosamprenavir", "grapefruit juice", "imatinib", "isavuconazole", "lefamulin",
            "letermovir", "netupitant", "nilotinib", "ribociclib", "verapamil",
        ),
    ),
    "strong CYP3A4 inducer": (
        "cyp3a4-inducer",
        (
            "apalutamide", "carbamazepine", "enzalutamide", "fosphenytoin", "lumacaftor",
            "mitotane", "phenobarbital", "phenytoin", "primidone", "rifampicin",
        ),
    ),
    "moderate CYP3A4 inducer": (
        "cyp3a4-inducer",
        (
            "bexarotene", "bosentan", "cenobamate", "dabrafenib", "dexamethasone", "efavirenz",
            "eslicarbazepine", "etravirine", "lorlatinib", "modafinil", "nafcillin", "pexidartinib",
            "rifabutin", "rifapentine", "sotorasib", "St John's wort",
        ),
    ),
    # Named as examples by the US label, section 1.3.
    "potent immunosuppressant": (
        "potent-immunosuppressant",
        ("azathioprine", "ciclosporin"),
    ),
}

# Other spellings and names of the same medicine.
SPELLINGS: dict[str, str] = {
    "cyclosporine": "ciclosporin",
    "cyclosporin": "ciclosporin",
    "cyclosporin A": "ciclosporin",
    "cyclosporine A": "ciclosporin",
    "ciclosporine": "ciclosporin",
    "rifampin": "rifampicin",
    "phenobarbitone": "phenobarbital",
    "grapefruit": "grapefruit juice",
    "Saint John's wort": "St John's wort",
}
