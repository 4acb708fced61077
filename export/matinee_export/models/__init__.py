"""The models: BPR and ALS factors, content profiles and the hybrid, trained and tuned on training rows."""
