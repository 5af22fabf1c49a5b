#!/usr/bin/env bash
# Fills src-tauri/resources/ with the models, language data and fonts that the program bundles.
#
# Every file that must lie there stands with its SHA-256 in resources.sha256, and that list decides
# whether anything is missing: a second run only checks it.
# Packages are named by exact version and checked by SHA-256 before one byte of them is unpacked.
#
#   fetch_resources.sh CACHE_FOLDER     where downloaded packages are kept between runs
#
# It needs Debian's tesseract-ocr-vie and tesseract-ocr-eng installed, python3 with pip, and npm.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${1:?"usage: fetch_resources.sh CACHE_FOLDER"}
mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
resources=$here/resources

complete() { (cd "$resources" && sha256sum --check --strict --quiet --status "$here/resources.sha256") 2>/dev/null; }

if complete; then
    exit 0
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
    printf 'setup: %s\n' "$1" >&2
    exit 1
}

# package_is FILE SHA256: whether the cached package is there and is the pinned one.
package_is() { [ -f "$1" ] && printf '%s  %s\n' "$2" "$1" | sha256sum --check --strict --status; }

# place SOURCE NAME: puts a file under its final name in one step, so that a cut run leaves no half file behind.
place() {
    mkdir -p "$(dirname "$resources/$2")"
    cp "$1" "$resources/$2.part"
    mv "$resources/$2.part" "$resources/$2"
}

# wheel NAME VERSION SHA256: a Python wheel from the package index, unpacked under $scratch/NAME.
wheel() {
    local file=$cache/$1-$2-py3-none-any.whl
    if ! package_is "$file" "$3"; then
        python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
            --dest "$scratch" "$1==$2" || fail "the Python package $1 $2 could not be downloaded; check the network and type the command again."
        mv "$scratch/$(basename "$file")" "$file"
        package_is "$file" "$3" || fail "the downloaded package $1 $2 is not the one pinned here (its SHA-256 differs); nothing of it was used."
    fi
    python3 -m zipfile --extract "$file" "$scratch/$1"
}

# npm_package SCOPED_NAME VERSION SHA256 FOLDER: an npm package, unpacked under $scratch/FOLDER.
npm_package() {
    local name=${1#@} file
    file=$cache/${name//\//-}-$2.tgz
    if ! package_is "$file" "$3"; then
        (cd "$scratch" && npm pack --silent "$1@$2" >/dev/null) || fail "the npm package $1 $2 could not be downloaded; check the network and type the command again."
        mv "$scratch/$(basename "$file")" "$file"
        package_is "$file" "$3" || fail "the downloaded package $1 $2 is not the one pinned here (its SHA-256 differs); nothing of it was used."
    fi
    mkdir -p "$scratch/$4"
    tar --extract --gzip --file "$file" --directory "$scratch/$4" --strip-components 1
}

echo "setup: recognition models"
wheel trueocr 0.1.1 8a7e4141d5f06f602684ea5dbafd775d11787d7319d39baaabf5e41158597374
for name in det.onnx rec.onnx orient.onnx order.onnx meta.json; do
    place "$scratch/trueocr/trueocr/models/$name" "models/$name"
done
place "$scratch/trueocr/trueocr-0.1.1.dist-info/licenses/LICENSE" models/LICENSE.txt
wheel asterocr 1.0.2 e9ac8bfdc4eaa5a7e78404f365a2c491d60186751c94f0ab473c7e42d68257c3
for name in asternet.onnx vocab.json; do
    place "$scratch/asterocr/asterocr/assets/$name" "aster/$name"
done

echo "setup: Tesseract's language data"
for language in vie eng; do
    from=$(dpkg -L "tesseract-ocr-$language" 2>/dev/null | grep "/$language\.traineddata$" || true)
    [ -f "$from" ] || fail "the Debian package tesseract-ocr-$language is not installed; 'make setup' installs it."
    place "$from" "tessdata/$language.traineddata"
done
place "$(dpkg -L tesseract-ocr-vie | grep '/copyright$')" tessdata/LICENSE.txt

echo "setup: fonts"
npm_package @expo-google-fonts/tinos 0.4.2 5ebc8f9f3ee14e9425b1a14391c713f8228be49a9127a21f60b06c482f4a844a tinos
place "$scratch/tinos/400Regular/Tinos_400Regular.ttf" fonts/Tinos-Regular.ttf
place "$scratch/tinos/700Bold/Tinos_700Bold.ttf" fonts/Tinos-Bold.ttf
place "$scratch/tinos/400Regular_Italic/Tinos_400Regular_Italic.ttf" fonts/Tinos-Italic.ttf
place "$scratch/tinos/700Bold_Italic/Tinos_700Bold_Italic.ttf" fonts/Tinos-BoldItalic.ttf
place "$scratch/tinos/LICENSE_FONT" fonts/Tinos-LICENSE.txt
npm_package @expo-google-fonts/arimo 0.4.3 5058cb6ac604e7cbb63354abc464f09c4b6e02089a3c896ee02fa38eba23ae34 arimo
place "$scratch/arimo/400Regular/Arimo_400Regular.ttf" fonts/Arimo-Regular.ttf
place "$scratch/arimo/700Bold/Arimo_700Bold.ttf" fonts/Arimo-Bold.ttf
place "$scratch/arimo/400Regular_Italic/Arimo_400Regular_Italic.ttf" fonts/Arimo-Italic.ttf
place "$scratch/arimo/700Bold_Italic/Arimo_700Bold_Italic.ttf" fonts/Arimo-BoldItalic.ttf
place "$scratch/arimo/LICENSE_FONT" fonts/Arimo-LICENSE.txt
npm_package @expo-google-fonts/be-vietnam-pro 0.4.1 574b6af45c7d7ece6f22fd5e6b26652d86681a3d34a8b0e7c488880148e8edaa be-vietnam-pro
for weight in 400Regular 500Medium 600SemiBold 700Bold; do
    place "$scratch/be-vietnam-pro/$weight/BeVietnamPro_$weight.ttf" "fonts/BeVietnamPro-${weight:3}.ttf"
done
place "$scratch/be-vietnam-pro/LICENSE_FONT" fonts/BeVietnamPro-LICENSE.txt

# The list has the last word: language data of another Debian release, for example, reads differently
# from what the tests measured, and is named here instead of being used in silence.
if ! complete; then
    (cd "$resources" && sha256sum --check --strict --quiet "$here/resources.sha256" 2>&1 | sed 's/^/setup: /' >&2) || true
    fail "the files named above are not the ones this version was measured with (see src-tauri/resources.sha256); Debian 12 supplies the right language data."
fi
