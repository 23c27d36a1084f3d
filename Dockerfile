# One image for every role: `worker`, `serve`, `import` and the rest of `onboard`. What docker-compose.yml and
# docs/kubernetes add, such as health checks, differs from role to role and so is not here.
ARG NODE_IMAGE=node:20-bookworm-slim

# What runs needs, and nothing else of it. By itself, so that this layer changes with the lock file only.
FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Without scripts: `prepare` builds, and no package needs its own to run. TypeScript and the types come as optional peers.
# Licences stay, because they have to be passed on.
RUN npm ci --ignore-scripts --omit=dev \
  && rm -rf node_modules/typescript node_modules/@types node_modules/.bin \
  && find node_modules -type f \( -name '*.map' -o -name '*.ts' -o -name '*.[cm]ts' -o -name '*.tsx' \) -delete \
  && find node_modules -type f -iname '*.md' ! -iname '*licen[sc]e*' ! -iname '*notice*' ! -iname '*copying*' -delete \
  && find node_modules -type d \( -path 'node_modules/*/test' -o -path 'node_modules/*/docs' -o -path 'node_modules/*/example*' \
    -o -path 'node_modules/*/bench*' \) -exec test -e '{}/../package.json' ';' -prune -exec rm -rf '{}' +

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json vite.config.ts ./
COPY scripts/copy-lua.ts scripts/lua-files.ts scripts/
COPY src src
COPY workers workers
RUN npm run build \
  && find dist -type f \( -name '*.map' -o -name '*.d.ts' \) -delete

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title=isv-onboarding org.opencontainers.image.licenses=MIT
ENV NODE_ENV=production
WORKDIR /app
# All that is written, and never into /app: what has to outlive a container is mounted here and keeps this owner.
RUN mkdir -p /data/agreements /data/drafts /data/users && chown -R 1000:1000 /data \
  && ln -s /app/dist/src/cli/main.js /usr/local/bin/onboard
COPY package.json LICENSE ./
COPY --from=packages /app/node_modules node_modules
COPY examples examples
COPY --from=build /app/dist dist
USER 1000:1000
ENV AGREEMENT_STORE=/data/agreements ONBOARD_DRAFTS=/data/drafts
ENTRYPOINT ["node", "dist/src/cli/main.js"]
CMD ["--help"]
