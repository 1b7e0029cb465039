#!/usr/bin/env python3
"""Writes a bill of materials of the built command, CycloneDX 1.5 in JSON: sbom.py BINARY OUTPUT.

It lists the Swift packages as resolved, the toolchain whose standard library and Foundation are linked in, and the Debian
packages of every shared library that the command and Graphviz's plugins load. It holds no time and no random number: the
same build on the same machine gives the same bytes.
"""

import json
import pathlib
import platform
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LICENCES = {"swift-argument-parser": "Apache-2.0", "yams": "MIT", "swift-mustache": "Apache-2.0"}
PLUGINS = ["core", "dot_layout", "neato_layout", "pango"]


def output(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def version() -> str:
    source = (ROOT / "Sources/BlastRadiusCLI/BlastRadiusCommand.swift").read_text()
    return re.search(r'version: "([^"]+)"', source)[1]


def swift_packages() -> list[dict]:
    """The packages that are linked in, each once."""
    tree = json.loads(output("swift", "package", "show-dependencies", "--format", "json"))
    found: dict[str, dict] = {}

    def visit(package):
        for dependency in package["dependencies"]:
            address = dependency["url"].removeprefix("https://").removesuffix(".git")
            reference = f"pkg:swift/{address}@{dependency['version']}"
            found[reference] = {
                "type": "library", "bom-ref": reference, "name": dependency["name"], "version": dependency["version"],
                "purl": reference, "licenses": [{"license": {"id": LICENCES[dependency["identity"].lower()]}}],
                "externalReferences": [{"type": "vcs", "url": dependency["url"]}],
            }
            visit(dependency)

    visit(tree)
    return list(found.values())


def toolchain() -> dict:
    number = re.search(r"Swift version (\S+)", output("swift", "--version"))[1]
    return {
        "type": "library", "bom-ref": f"swift@{number}", "name": "swift", "version": number,
        "description": "The Swift standard library, Foundation, libdispatch and ICU's data, linked statically.",
        "licenses": [{"license": {"id": "Apache-2.0", "text": {"content": "with Runtime Library Exception"}}}],
        "externalReferences": [{"type": "vcs", "url": "https://github.com/swiftlang/swift"}],
    }


def libraries(binary: str) -> set[str]:
    """The files that the dynamic linker loads for the command and for the plugins that it opens."""
    folder = pathlib.Path(output("pkg-config", "--variable=libdir", "libgvc").strip()) / "graphviz"
    files = [binary] + [str(file) for plugin in PLUGINS for file in folder.glob(f"libgvplugin_{plugin}.so.[0-9]")]
    found = {file for file in files if file != binary}
    for file in files:
        found |= set(re.findall(r"=> (/\S+)", output("ldd", file)))
    return found


def debian_packages(binary: str) -> list[dict]:
    names = set()
    for library in libraries(binary):
        real = str(pathlib.Path(library).resolve())
        # Debian's own list has the paths from before /lib was a link to /usr/lib.
        for path in [real, real.removeprefix("/usr"), library]:
            search = subprocess.run(["dpkg", "-S", path], capture_output=True, text=True)
            if search.returncode == 0:
                names.add(search.stdout.split(": ")[0].split(", ")[0])
                break
        else:
            sys.exit(f"no package owns {library}")
    release = dict(line.split("=", 1) for line in pathlib.Path("/etc/os-release").read_text().splitlines() if "=" in line)
    distribution = f"{release['ID']}-{release.get('VERSION_ID', '').strip(chr(34))}"
    found = []
    for name in sorted(names):
        package, number, architecture = output("dpkg-query", "-W", "-f", "${Package} ${Version} ${Architecture}", name).split()
        reference = f"pkg:deb/{release['ID']}/{package}@{number.replace('+', '%2B').replace(':', '%3A')}?arch={architecture}&distro={distribution}"
        found.append({"type": "library", "bom-ref": reference, "name": package, "version": number, "purl": reference})
    return found


def main(binary: str, target: str) -> None:
    components = swift_packages() + [toolchain()]
    if platform.system() == "Linux":
        components += debian_packages(binary)
    components.sort(key=lambda component: component["bom-ref"])
    reference = f"pkg:generic/blast-radius@{version()}"
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": reference, "name": "blast-radius", "version": version(),
                                   "purl": reference, "licenses": [{"license": {"id": "Apache-2.0"}}]}},
        "components": components,
        "dependencies": [{"ref": reference, "dependsOn": [component["bom-ref"] for component in components]}],
    }
    pathlib.Path(target).write_text(json.dumps(document, indent=2) + "\n")
    print(f"{target}: {len(components)} components")


if __name__ == "__main__":
    main(*sys.argv[1:])
