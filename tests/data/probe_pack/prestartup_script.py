import os

os.environ["PROBE_PACK_STARTED"] = "yes"
