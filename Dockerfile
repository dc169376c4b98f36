FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app

COPY requirements.txt .
RUN pip install --require-hashes -r requirements.txt

COPY . .
# Production settings refuse to load without values; these open nothing and stay out of the image.
RUN ENVIRONMENT=production SECRET_KEY=build ALLOWED_HOSTS=build FIELD_ENCRYPTION_KEY=build WA_ACCESS_TOKEN=build \
    WA_PHONE_NUMBER_ID=1 WA_BUSINESS_ACCOUNT_ID=1 WA_APP_SECRET=build VERIFY_TOKEN=build \
    DATABASE_URL=postgres://build@localhost/build REDIS_URL=redis://localhost \
    python manage.py collectstatic --no-input --verbosity 0 \
    && useradd --system --create-home schoolcomm \
    && mkdir -p media && chown schoolcomm media

USER schoolcomm
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "bin/probe"]
CMD exec gunicorn schoolcomm.wsgi --bind 0.0.0.0:${PORT:-8000} --worker-class gthread \
    --workers ${WEB_CONCURRENCY:-2} --threads 4 --worker-tmp-dir /dev/shm --no-control-socket
