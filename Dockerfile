# The bot alone: what it runs on, at the versions and hashes of requirements.lock, and its wheel.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
RUN python -m venv /opt/easel && python -m venv /opt/build
COPY requirements.lock requirements-build.lock ./
RUN /opt/easel/bin/pip install --require-hashes -r requirements.lock \
 && /opt/build/bin/pip install --require-hashes -r requirements-build.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY cogs cogs
COPY migrations migrations
RUN /opt/build/bin/python -m hatchling build --target wheel --directory /wheel \
 && /opt/easel/bin/pip install --no-deps /wheel/*.whl

FROM python:3.13-slim
# 15 MB of fonts for captions in people's own scripts: most alphabets; Chinese, Japanese and Korean
# (Noto's take 90 MB); Thai and India's. FriBiDi lets Pillow join letters, as Arabic has them.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends \
    fonts-dejavu-core fonts-freefont-ttf fonts-wqy-microhei libfribidi0 \
 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /data --create-home easel
COPY --from=build /opt/easel /opt/easel
ENV PATH=/opt/easel/bin:$PATH PYTHONUNBUFFERED=1 EASEL_DATA_DIR=/data
WORKDIR /data
VOLUME /data
USER 10001
ENTRYPOINT ["easel"]
CMD ["run"]
