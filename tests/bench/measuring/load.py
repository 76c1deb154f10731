# SPDX-License-Identifier: Apache-2.0
"""Scrapes an exporter with http_load and reads what it says."""

import json
import subprocess

LIKE_PROMETHEUS = ("Accept: application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;"
                   "q=0.5\r\nAccept-Encoding: gzip")
PLAIN = "Accept: text/plain;version=0.0.4"


def start_load(setup, port, **options):
    """http_load's options with _ for -."""
    command = [setup["http_load"], "--port", str(port)]
    for name, value in options.items():
        command += [f"--{name.replace('_', '-')}", str(value)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def finish(load):
    output, _ = load.communicate()
    if load.returncode != 0:
        raise RuntimeError(f"http_load ended with {load.returncode}")
    return json.loads(output)


def scrape(setup, exporter, **options):
    """Load that must be answered every time: http_load's figures and the exporter's CPU."""
    before = exporter.cpu()
    done = finish(start_load(setup, exporter.port, **options))
    cpu = exporter.cpu() - before
    if done["failures"] or not done["answers"]:
        raise RuntimeError(f"{exporter.name} failed {done['failures']} of "
                           f"{done['failures'] + done['answers']} scrapes")
    done["per_second"] = done["answers"] / done["seconds"]
    done["seconds_per_scrape"] = 1 / done["per_second"]
    done["cpu_per_1000"] = cpu / done["answers"] * 1000
    done["page_bytes"] = done["bytes"] / done["answers"]
    return done
