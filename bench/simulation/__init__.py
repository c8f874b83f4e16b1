"""Simulated sales forces with known truth, made by other assumptions than the engine's."""
