"""Settings to stages, store, worker and web app: the only place that builds anything heavy.

`assembly` builds the pipeline, `inputs` what reads one input and stores nothing, `machine` the store and
the worker, `desk` the review app, `measuring` the evaluation.
"""
