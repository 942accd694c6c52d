# Builds one of the presets of CMakePresets.json into build/PRESET.
#
# build_configure PRESET [CMAKE-OPTION...], build_make PRESET [CMAKE-OPTION...]; logs are var/log/build-PRESET*.log.
# A build directory that was configured for a checkout elsewhere (it was moved or copied) is made anew.
# shellcheck shell=bash

build_configure() {
  local preset=$1 cache=$TC_ROOT/build/$1/CMakeCache.txt
  shift
  if [[ -e $cache ]] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$TC_ROOT" "$cache"; then
    rm -rf -- "$TC_ROOT/build/$preset"
  fi
  (cd "$TC_ROOT" && cmake --preset "$preset" "$@") >"$TC_VAR/log/build-$preset-configure.log" 2>&1 || {
    tail -n 30 -- "$TC_VAR/log/build-$preset-configure.log" >&2
    fail "cannot configure the $preset build" "If a compiler or library changed: rm -r build/$preset, and again."
  }
}

build_make() {
  local preset=$1
  build_configure "$@"
  step_run "Building ($preset)" "$TC_VAR/log/build-$preset.log" \
    cmake --build "$TC_ROOT/build/$preset" || fail "the $preset build failed"
}
