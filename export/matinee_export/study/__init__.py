"""The study: evaluates the models on any dataset folder, by the paper's protocol and by an honest one."""
