# Three stages: `build` makes the environment, `web` runs pages, beat and migrations, `worker` runs tests.
FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /srv/omc-qa
COPY requirements/base.txt requirements/base.txt
RUN python -m venv /opt/omc-qa \
 && /opt/omc-qa/bin/pip install --no-cache-dir --require-hashes --requirement requirements/base.txt
COPY . .
RUN /opt/omc-qa/bin/pip install --no-cache-dir --no-deps --editable .

FROM python:3.13-slim-bookworm AS web
ENV PATH=/opt/omc-qa/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 OMC_QA_DATA=/var/lib/omc-qa
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
# git: pages ask repositories for their branches.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends git openssh-client \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --create-home omc-qa \
 && install --directory --owner omc-qa --group omc-qa --mode 0711 /var/lib/omc-qa
COPY --from=build /opt/omc-qa /opt/omc-qa
COPY --from=build /srv/omc-qa /srv/omc-qa
WORKDIR /srv/omc-qa
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "omc_qa.wsgi", "--bind", "0.0.0.0:8000", "--workers", "4"]

FROM web AS worker
# What runs need beside Python: the sandbox, and the servers that a project's runs may ask for.
USER 0
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends bubblewrap procps postgresql redis-server \
 && rm -rf /var/lib/apt/lists/*
USER 10001:10001
CMD ["celery", "-A", "omc_qa", "worker", "--concurrency", "2", "--without-gossip", "--without-mingle"]
