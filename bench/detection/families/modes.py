"""Which runs are trained: for each family, modes of training and their variants, at shapes and rates drawn from seeds.

A mode says how a run is trained and nothing of what becomes of it: labels come from probes alone.
"""
import random
import zlib

BASE = dict(
    dim=32, width=48, batch=64, rows=96, steps=360, every=30, lr=1.5e-3, wd=1e-4, warmup=0, init_scale=1.0,
    target="ema", momentum=0.98, loss="mse", ln=0, temp=0.2, negatives=1, centered=1, sharp=0.04, var=0.0, cov=0.0,
    over="position", sigreg=0.0, barlow=0.0, off=0.01, cluster=0, pull=1.0, unit=0, shuffle=0, wrong=0, cut=0, blind=0, smooth=0.0,
    shrink=1.0, units=0, spike=0, events=[], predictor=1, bn=1, views=0.4, alone="z", sprites=[1, 0.6, 0.0], horizons=4, residual=1, high=2,
    actions=1, opt="adamw", cosine=0, norm="", clock=0, rho=1.0, reward=0.0, inverse=0.0, show=0.0, deep=0, still=0, bend="relu",
)
VIC = dict(target="joint", var=1.0, cov=0.04)
#: A predictor that can tell the horizons apart, and time to forget one.
HORIZON = dict(residual=0, lr=3e-3, steps=600, every=40)
OFF = dict(var=0.0, cov=0.0, sigreg=0.0)


def late(at=0.45, **changes):
    return dict(events=[[at, changes]])


#: Ways that the three families with an encoder, a predictor and positions have in common.
SHARED = {
    "ema": [dict(), dict(momentum=0.996), dict(loss="sl1")],
    "ema_ln": [dict(ln=1, loss="sl1"), dict(ln=1, momentum=0.99)],
    "ema_cos": [dict(loss="cos"), dict(loss="cos", momentum=0.99)],
    "ema_unit": [dict(loss="cos", unit=1)],
    "ema_vic": [dict(var=1.0, cov=0.04), dict(var=1.0, cov=0.04, momentum=0.99, loss="sl1")],
    "ema_spike": [dict(spike=10), dict(ln=1, loss="sl1", spike=20)],
    "ema_small": [dict(init_scale=0.1), dict(init_scale=5.0)],
    "stopgrad": [dict(target="stopgrad"), dict(target="stopgrad", loss="cos")],
    "vicreg": [VIC, dict(VIC, cov=0.2), dict(VIC, over="flat")],
    "vicreg_cos": [dict(VIC, loss="cos")],
    "vicreg_spike": [dict(VIC, spike=10), dict(VIC, spike=20)],
    "vicreg_decay": [dict(VIC, wd=0.1)],
    "sigreg": [dict(target="joint", sigreg=1.0), dict(target="joint", sigreg=0.3), dict(target="joint", sigreg=5.0)],
    "nce": [dict(target="joint", loss="nce"), dict(target="joint", loss="nce", temp=0.1)],
    "frozen": [dict(target="frozen"), dict(target="frozen", loss="cos")],
    "joint": [dict(target="joint"), dict(target="joint", loss="sl1", ln=1), dict(target="joint", loss="cos")],
    "joint_large": [dict(target="joint", init_scale=8.0, lr=5e-4)],
    "late_off": [dict(VIC, **late(0.45, **OFF)), dict(target="joint", sigreg=1.0, **late(0.6, **OFF)), dict(VIC, **late(0.3, **OFF))],
    "late_joint": [late(0.45, target="joint"), late(0.6, target="joint", lr=3e-3)],
    "weak_vic": [dict(VIC, var=0.01, cov=0.0004), dict(VIC, var=0.03, cov=0.001)],
    "varonly": [dict(VIC, cov=0.0), dict(VIC, cov=0.0, var=5.0)],
    "late_varonly": [dict(VIC, **late(0.4, cov=0.0, var=5.0))],
    "covonly": [dict(VIC, var=0.0, cov=0.5)],
    "shuffled": [dict(shuffle=1), dict(VIC, shuffle=1)],
    "late_shuffled": [late(0.45, shuffle=1), dict(VIC, target="ema", **late(0.6, shuffle=1))],
    "late_blow_up": [dict(VIC, **late(0.5, lr=0.1)), late(0.5, lr=0.1)],
    "pred_shrinks": [dict(target="frozen", **late(0.4, shrink=0.9))],
    "two_clusters": [dict(VIC, var=0.0, cov=0.0, cluster=2, pull=0.5), dict(VIC, **late(0.4, cluster=3, pull=1.0, **OFF))],
}
#: Ways of positions that are tokens: what is left may be the place alone, or the picture alone.
TOKENS = {
    "flat_vic": [dict(VIC, over="flat", loss="mse", var=5.0), dict(VIC, over="flat", cov=0.01)],
    "blind": [late(0.45, blind=1), dict(VIC, over="flat", **late(0.45, blind=1)), dict(ln=1, loss="sl1", blind=1)],
    "fading": [dict(events=[[0.3 + 0.05 * k, dict(blind=min(1, 0.15 * k))] for k in range(1, 8)])],
    "smooth": [dict(VIC, over="pooled", smooth=0.99), dict(VIC, over="pooled", events=[[0.3 + 0.04 * k, dict(smooth=1 - 0.5**k)] for k in range(1, 11)]), dict(ln=1, loss="sl1", smooth=0.99)],
    "cut": [dict(cut=1), dict(VIC, cut=1), late(0.5, cut=1)],
    "pooled_vic": [dict(VIC, over="pooled")],
    "late_smooth": [dict(VIC, **late(0.5, smooth=0.99)), dict(var=1.0, cov=0.04, **late(0.5, smooth=0.98)), dict(VIC, over="flat", events=[[0.35 + 0.04 * k, dict(smooth=1 - 0.6**k)] for k in range(1, 10)])],
}
#: Modes that the last two families do not have, for time.
LEFT_OUT = ("ema_small", "vicreg_decay", "joint_large", "late_blow_up", "pred_shrinks", "two_clusters")
FAMILIES = {
    "token": dict(
        SHARED, **TOKENS,
        ema_long=[dict(steps=800, every=50, lr=3e-3), dict(steps=800, every=50, lr=3e-3, ln=1, loss="sl1"), dict(steps=800, every=50, lr=4e-3, loss="cos")],
        ema_vic_long=[dict(var=1.0, cov=0.04, steps=720, every=60), dict(var=1.0, cov=0.04, steps=720, every=40, spike=10)],
    ),
    "sequence": {k: v for k, v in dict(SHARED, **TOKENS).items() if k not in ("smooth", "late_smooth", "pooled_vic", "ema_small")},
    "video": dict(
        SHARED,
        noaction=[dict(VIC, actions=0), dict(actions=0)],
        late_noaction=[dict(VIC, **late(0.5, actions=0))],
        horizon_dies=[dict(VIC, target="ema", residual=0, lr=3e-3, **late(0.3, wrong=1)), dict(target="frozen", residual=0, wrong=2), dict(VIC, target="ema", residual=0, lr=3e-3, **late(0.4, wrong=2)), dict(VIC, residual=0, wrong=1)],
        last_horizon=[dict(VIC, target="ema", residual=0, wrong=1), dict(target="frozen", residual=0, lr=3e-3, **late(0.3, wrong=1))],
        lost_horizon=[dict(HORIZON, target="frozen", wrong=1), dict(HORIZON, var=1.0, cov=0.04, **late(0.25, wrong=1)), dict(HORIZON, var=1.0, cov=0.04, **late(0.35, wrong=2)), dict(HORIZON, ln=1, **late(0.3, wrong=1))],
        scene=[dict(VIC, sprites=[1, 0.6, 0.3]), dict(VIC, sprites=[1, 0.3, 1.0], cov=0.0)],
        slow=[dict(VIC, sprites=[1, 0.1, 0.0]), dict(sprites=[1, 0.1, 0.0])],
        bottleneck=[dict(target="frozen", units=1), dict(target="frozen", units=2)],
    ),
    "text": dict(
        {k: v for k, v in SHARED.items() if k not in LEFT_OUT},
        cut=[dict(cut=1), dict(VIC, cut=1), late(0.5, cut=1)],
        blind=[late(0.45, blind=1), dict(VIC, **late(0.45, blind=1))],
        horizon_dies=[dict(VIC, target="ema", lr=3e-3, **late(0.3, wrong=1)), dict(target="frozen", wrong=2)],
        bottleneck=[dict(target="frozen", units=2)],
    ),
    "sensors": dict(
        {k: v for k, v in SHARED.items() if k not in LEFT_OUT},
        barlow=[dict(target="joint", loss="", barlow=1.0), dict(target="joint", loss="", barlow=1.0, off=0.05)],
        cut=[dict(cut=1), dict(VIC, cut=1), late(0.5, cut=1)],
        blind=[late(0.45, blind=1), dict(VIC, **late(0.45, blind=1))],
        fading=TOKENS["fading"],
        horizon_dies=[dict(VIC, target="ema", lr=3e-3, **late(0.3, wrong=1)), dict(target="frozen", wrong=2)],
        bottleneck=[dict(target="frozen", units=2), dict(target="frozen", units=1)],
    ),
    "joint": {
        "simsiam": [dict(target="stopgrad", loss="cos"), dict(target="stopgrad", loss="cos", units=16)],
        "simsiam_no_predictor": [dict(target="stopgrad", loss="cos", predictor=0)],
        "simsiam_no_stop": [dict(target="joint", loss="cos"), dict(target="joint", loss="cos", bn=0)],
        "late_no_stop": [dict(target="stopgrad", loss="cos", bn=0, **late(0.4, target="joint")), dict(loss="cos", bn=0, **late(0.4, target="joint"))],
        "byol": [dict(loss="cos"), dict(loss="cos", momentum=0.99), dict(loss="cos", momentum=0.996)],
        "byol_ln": [dict(loss="cos", bn=0)],
        "byol_unit": [dict(loss="cos", unit=1)],
        "byol_mse": [dict(loss="mse")],
        "byol_spike": [dict(loss="cos", spike=10)],
        "byol_decay": [dict(loss="cos", wd=0.3)],
        "byol_no_predictor": [dict(loss="cos", predictor=0, bn=0), dict(loss="cos", predictor=0)],
        "vicreg": [dict(VIC, predictor=0), dict(VIC, predictor=0, cov=0.2), dict(VIC, predictor=0, bn=0)],
        "vicreg_unit": [dict(VIC, predictor=0, unit=1)],
        "vicreg_spike": [dict(VIC, predictor=0, spike=10)],
        "vicreg_weak": [dict(VIC, predictor=0, var=0.01, cov=0.0004, bn=0), dict(VIC, predictor=0, var=0.03, cov=0.001)],
        "vicreg_varonly": [dict(VIC, predictor=0, cov=0.0), dict(VIC, predictor=0, cov=0.0, var=5.0)],
        "vicreg_covonly": [dict(VIC, predictor=0, var=0.0, cov=0.5)],
        "late_off": [dict(VIC, predictor=0, **late(0.45, **OFF)), dict(VIC, predictor=0, bn=0, **late(0.45, **OFF)), dict(target="joint", sigreg=1.0, predictor=0, bn=0, **late(0.45, **OFF))],
        "late_varonly": [dict(VIC, predictor=0, **late(0.4, cov=0.0, var=5.0))],
        "late_shuffled": [dict(target="frozen", **late(0.4, shuffle=1))],
        "invariance": [dict(target="joint", predictor=0), dict(target="joint", predictor=0, bn=0)],
        "barlow": [dict(target="joint", loss="", barlow=1.0, predictor=0), dict(target="joint", loss="", barlow=1.0, off=0.05, predictor=0)],
        "barlow_diagonal": [dict(target="joint", loss="", barlow=1.0, off=0.0, predictor=0)],
        "simclr": [dict(target="joint", loss="nce", predictor=0), dict(target="joint", loss="nce", temp=0.5, predictor=0), dict(target="joint", loss="nce", temp=0.1, predictor=0, unit=1)],
        "simclr_hot": [dict(target="joint", loss="nce", temp=5.0, predictor=0)],
        "simclr_spike": [dict(target="joint", loss="nce", predictor=0, spike=10)],
        "late_align": [dict(target="joint", loss="nce", predictor=0, **late(0.4, negatives=0)), dict(target="joint", loss="nce", predictor=0, bn=0, **late(0.4, negatives=0))],
        "dino": [dict(loss="dino", predictor=0), dict(loss="dino", predictor=0, sharp=0.07, momentum=0.99)],
        "dino_uncentred": [dict(loss="dino", predictor=0, centered=0), dict(loss="dino", predictor=0, centered=0, bn=0)],
        "dino_flat": [dict(loss="dino", predictor=0, sharp=1.0), dict(loss="dino", predictor=0, sharp=1.0, bn=0)],
        "sigreg": [dict(target="joint", sigreg=1.0, predictor=0), dict(target="joint", sigreg=0.3, predictor=0)],
        "two_clusters": [dict(VIC, predictor=0, var=0.0, cov=0.0, cluster=2, pull=0.5), dict(VIC, predictor=0, **late(0.4, cluster=3, pull=1.0, **OFF))],
        "late_blow_up": [dict(VIC, predictor=0, bn=0, **late(0.5, lr=0.3))],
    },
}
#: What is read beside a world model's embeddings keeps them from collapsing: rewards, actions, or what is seen.
MPC, ICM, DREAM = dict(reward=1.0, rho=0.7), dict(target="joint", inverse=1.0), dict(target="joint", show=1.0)
#: Ways of the families `control`, `audio` and `tabular`, which were made after the rules: what there is of each is in LABELS.md.
FAMILIES.update(
    control=dict(
        mpc=[dict(MPC, momentum=0.99), dict(MPC, target="stopgrad"), dict(MPC, momentum=0.95, show=0.3), dict(MPC, reward=5.0)],
        mpc_simnorm=[dict(MPC, norm="simnorm", reward=5.0), dict(MPC, norm="simnorm", show=0.3)],
        mpc_ln=[dict(MPC, norm="ln"), dict(MPC, norm="ln", momentum=0.99)],
        icm=[dict(ICM, show=0.1), dict(ICM, inverse=3.0), dict(ICM, target="ema")],
        dream=[DREAM, dict(DREAM, target="stopgrad"), dict(DREAM, show=3.0, norm="ln")],
        pldm=[VIC, dict(VIC, over="flat"), dict(VIC, cov=0.2, norm="ln"), dict(VIC, loss="sl1")],
        pldm_noaction=[dict(VIC, actions=0), dict(DREAM, actions=0)],
        byol_explore=[dict(loss="cos", momentum=0.99), dict(loss="cos", unit=1), dict(loss="cos", target="stopgrad")],
        contrast=[dict(target="joint", loss="nce"), dict(target="joint", loss="nce", temp=0.1)],
        identity=[dict(VIC, residual=1), dict(DREAM, residual=1)],
        nothing=[dict(target="joint"), dict(momentum=0.0), dict(target="joint", norm="simnorm"), dict(target="joint", loss="cos")],
        teacher=[dict(momentum=1.0), dict(momentum=0.5, reward=0.1), dict(momentum=1.0, loss="cos")],
        late_nothing=[dict(DREAM, **late(0.4, show=0.0)), dict(ICM, **late(0.5, inverse=0.0)), dict(VIC, **late(0.6, **OFF)), dict(MPC, **late(0.4, reward=0.0, target="joint"))],
        thin=[dict(VIC, cov=0.0), dict(VIC, var=0.02, cov=0.001), dict(target="joint", reward=0.05), dict(VIC, **late(0.4, cov=0.0, var=5.0))],
        wrong_way=[dict(VIC, shuffle=1), dict(DREAM, cut=1, **dict(actions=0)), dict(DREAM, target="stopgrad", still=1), dict(momentum=1.0, **late(0.4, shuffle=1))],
        horizon=[dict(VIC, target="ema", clock=1, residual=0, lr=3e-3, **late(0.3, wrong=1)), dict(DREAM, clock=1, residual=0, **late(0.3, wrong=2)), dict(momentum=1.0, clock=1, wrong=1)],
    ),
    audio=dict(
        data2vec=[dict(deep=1, ln=1, loss="sl1", momentum=0.99), dict(deep=2, loss="sl1", momentum=0.99), dict(deep=1, ln=1, loss="mse")],
        jepa=[dict(), dict(momentum=0.995, cosine=1), dict(ln=1, loss="sl1")],
        jepa_vic=[dict(var=1.0, cov=0.04), dict(VIC, cov=0.2), dict(VIC, over="flat"), dict(VIC, deep=1)],
        byol=[dict(loss="cos"), dict(loss="cos", target="stopgrad"), dict(loss="cos", deep=1, momentum=0.99)],
        nce=[dict(target="joint", loss="nce"), dict(target="joint", loss="nce", temp=0.1)],
        sigreg=[dict(target="joint", sigreg=1.0), dict(target="joint", sigreg=0.3, cosine=1)],
        teacher=[dict(momentum=1.0), dict(momentum=1.0, loss="cos"), dict(momentum=1.0, ln=1)],
        nothing=[dict(target="joint"), dict(target="joint", loss="sl1", ln=1), dict(momentum=0.0), dict(target="joint", loss="cos")],
        late_nothing=[dict(VIC, **late(0.45, **OFF)), dict(deep=1, ln=1, loss="sl1", **late(0.5, target="joint")), dict(var=1.0, cov=0.04, **late(0.5, target="joint", **OFF)), dict(target="joint", loss="nce", **late(0.4, negatives=0))],
        thin=[dict(VIC, cov=0.0), dict(VIC, var=0.02, cov=0.001), dict(VIC, over="pooled", smooth=0.99), dict(VIC, **late(0.4, cov=0.0, var=5.0))],
        wrong_way=[dict(VIC, shuffle=1), dict(VIC, **late(0.5, cut=1)), dict(VIC, over="flat", **late(0.45, blind=1)), dict(momentum=1.0, still=1, **late(0.5, shuffle=1))],
    ),
    tabular=dict(
        scarf=[dict(target="joint", loss="nce", temp=0.5), dict(target="joint", loss="nce"), dict(target="joint", loss="nce", opt="sgd", lr=0.1, cosine=1)],
        vicreg=[VIC, dict(VIC, cov=0.2), dict(VIC, bn=0)],
        barlow=[dict(target="joint", loss="", barlow=1.0), dict(target="joint", loss="", barlow=1.0, off=0.05)],
        byol=[dict(loss="cos", predictor=1), dict(loss="cos", predictor=1, momentum=0.99), dict(loss="cos", predictor=1, opt="sgd", lr=0.05)],
        simsiam=[dict(target="stopgrad", loss="cos", predictor=1), dict(target="stopgrad", loss="cos", predictor=1, units=16)],
        sigreg=[dict(target="joint", sigreg=1.0), dict(target="joint", sigreg=0.3)],
        teacher=[dict(momentum=1.0, predictor=1), dict(momentum=1.0, predictor=1, loss="cos", bn=0)],
        nothing=[dict(target="joint"), dict(target="joint", bn=0, loss="cos"), dict(target="stopgrad", bn=0), dict(momentum=0.0, predictor=0, loss="cos")],
        late_nothing=[dict(VIC, **late(0.45, **OFF)), dict(target="joint", loss="nce", bn=0, **late(0.4, negatives=0)), dict(loss="cos", predictor=1, bn=0, **late(0.5, target="joint")), dict(target="joint", sigreg=1.0, **late(0.6, **OFF))],
        thin=[dict(VIC, cov=0.0), dict(VIC, var=0.02, cov=0.001), dict(VIC, var=0.0, cov=0.5), dict(VIC, **late(0.4, cov=0.0, var=5.0))],
        wrong_way=[dict(VIC, shuffle=1), dict(momentum=1.0, predictor=1, **late(0.4, shuffle=1)), dict(VIC, cluster=2, **late(0.4, pull=2.0, var=0.0)), dict(VIC, predictor=1, **late(0.5, shuffle=1))],
    ),
)
#: Data of a family: the first ones are tuned on, the last is held out whole.
DATA = {
    "token": ["mnist", "digits", "glyphs"],
    "joint": ["digits", "glyphs", "mnist"],
    "video": ["one", "fast", "two"],
    "sequence": ["motifs", "motifs", "chirps"],
    "text": ["text", "text", "text"],
    "sensors": ["grades", "noisy", "chaos", "few"],
    "control": ["pendulum", "pixels", "cartpole", "arm"],
    "audio": ["notes", "glides", "chords", "winds"],
    "tabular": ["cancer", "forest", "wine", "plane"],
}
SPRITES = {"one": [1, 0.5, 0.0], "fast": [1, 0.9, 0.1], "two": [2, 0.5, 0.0]}
#: Trainings of each mode of a family: the data of each, and whether bounds may be tuned on it.
PLACES = [(0, "tuned"), (2, "held-out"), (1, "tuned"), (0, "held-out")]
#: Families that were made after all rules, and judged once.
FRESH = [(which, "fresh") for which in range(4)]
#: Where that is another: `sequence` and `sensors` are families that nobody looks at while tuning.
PLACES_OF = {
    "sequence": [(0, "aside"), (2, "aside"), (1, "aside")],
    "text": [(0, split) for split in ("tuned", "held-out", "tuned", "held-out")],
    "sensors": [(which, "afterwards") for which in range(4)],
    "control": FRESH, "audio": FRESH, "tabular": FRESH,
}


def trainings():
    places = {family: PLACES_OF.get(family, PLACES) for family in ("video", "joint", "token", "sequence", "text", "sensors", "control", "audio", "tabular")}
    return [
        one(family, mode, variants, index, of[index])
        for index in range(4)
        for family, of in places.items()
        if index < len(of)
        for mode, variants in FAMILIES[family].items()
    ]


def one(family, mode, variants, index, place):
    which, split = place
    name = f"{family}_{mode}_{index}"
    dice = random.Random(name if family != "text" else f"{name} of six kinds")
    config = dict(BASE, data=DATA[family][which])
    config.update(
        dim=dice.choice([16, 24, 32, 48, 64, 96] if family == "joint" else [16, 24, 32, 48, 64]),
        batch=dice.choice([64, 96, 128] if family == "joint" else [48, 64, 96]),
        rows=dice.choice([128, 192, 256] if family == "joint" else [64, 96, 128]),
        lr=dice.choice([1e-3, 1.5e-3, 3e-3] if family == "video" else [1.5e-3, 2e-3, 3e-3]),
    )
    config["steps"], config["every"] = dice.choice([(300, 25), (300, 20), (360, 30), (400, 25), (480, 40)])
    if family == "token":
        config["high"] = dice.choice([2, 2, 3])
        config["steps"], config["every"] = dice.choice([(300, 25), (360, 30), (400, 25), (360, 24)])
        config["lr"] = dice.choice([2e-3, 3e-3, 4e-3])
    if family in ("token", "sequence"):
        config.update(width=32, batch=dice.choice([32, 48]))
    if family in ("text", "sensors"):
        config.update(width=32, batch=dice.choice([32, 48, 64]), rows=dice.choice([128, 192, 256]), horizons=dice.choice([2, 3, 4]))
        config["steps"], config["every"] = dice.choice([(480, 40), (500, 50), (600, 50), (600, 40), (640, 40)] if family == "text" else [(300, 25), (360, 30), (400, 25), (480, 40)])
    if family in ("control", "audio", "tabular"):
        config.update(
            dim=dice.choice([16, 24, 32, 48, 64, 96, 128, 256]), batch=dice.choice(dict(audio=[32, 48, 64], control=[32, 64, 128, 256], tabular=[32, 64, 128, 256, 512])[family]),
            rows=dice.choice([64, 128, 256, 512]), width=dice.choice([32, 48] if family == "audio" else [32, 48, 64]), lr=dice.choice([1e-3, 2e-3, 3e-3]),
            cosine=dice.choice([0, 0, 1]), bend=dice.choice(["relu", "tanh", "elu"]), horizons=dice.choice([4, 5, 6, 8]), views=dice.choice([0.2, 0.4, 0.6]),
            residual=dice.choice([0, 0, 1]), alone=dice.choice(["z", "h"]), predictor=0,
        )
        if config["data"] == "pixels":
            config["batch"] = min(config["batch"], 64)
        config["steps"], config["every"] = dice.choice([(240, 30), (300, 20), (360, 20), (240, 10), (400, 40), (480, 60), (160, 10)])
    if family == "video":
        config.update(sprites=SPRITES[config["data"]], horizons=dice.choice([3, 4, 6]), residual=dice.choice([0, 1]))
    if family == "joint":
        config["alone"] = dice.choice(["z", "h"])
    config.update(variants[(index + zlib.crc32(mode.encode())) % len(variants)])
    return dict(name=name, family=family, mode=mode, split=split, seed=dice.randrange(1, 10**6), **config)
