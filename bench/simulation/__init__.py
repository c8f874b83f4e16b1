"""Simulated sales forces with known truth, made by other assumptions than the engine's.

`python -m bench.simulation` judges three generators (`daily`, `cells`, `rough`), each made of People, Leads and
Mechanics (`walk`), with what an all-knowing judge would say (`limit`). `world` adds recoveries, for verdicts.
"""
