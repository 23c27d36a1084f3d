# One image for every role: `worker`, `serve`, `import` and the rest of `onboard`.
ARG NODE_IMAGE=node:20-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Without scripts: `prepare` builds, and the sources are not here yet. No package needs its own to run.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json vite.config.ts ./
COPY scripts/copy-lua.ts scripts/lua-files.ts scripts/
COPY src src
COPY workers workers
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY examples examples
# The agreement store; a named volume mounted here keeps this owner.
RUN mkdir -p /data/agreements /data/users && chown -R 1000:1000 /data
USER 1000:1000
ENV AGREEMENT_STORE=/data/agreements
ENTRYPOINT ["node", "dist/src/cli/main.js"]
CMD ["--help"]
