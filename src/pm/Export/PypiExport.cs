using System.Text;
using Pm.Packages.Toml;

namespace Pm.Cli.Export;

/// <summary>A Python package, which pip builds with nothing but Python's own library; it runs from its directory, too.</summary>
static class PypiExport
{
    public static IReadOnlyList<ExportFile> Files(ExportSource source, string version)
    {
        var readme = source.Readme(
            "python", $"{source.Word}/{source.PackageFile}",
            $"""
            from {source.Word} import open_and_run

            with open_and_run() as run:
                for event in run:
                    print(event)
            """,
            """
            with open_and_run("--pid", "42", duration="1m") as run:
                for event in run:
                    print(event)
            """);
        return
        [
            ExportFile.Of("PKG-INFO", Metadata(source, version, readme)),
            ExportFile.Of("README.md", readme),
            ExportFile.Of("build_backend.py", Backend),
            ExportFile.Of($"{source.Word}/__init__.py", Code(source)),
            ExportFile.Of($"{source.Word}/__main__.py", Program),
            ExportFile.Of($"{source.Word}/_ebpm.py", Binding.Python),
            ExportFile.Package($"{source.Word}/{source.PackageFile}"),
            new("pyproject.toml", Project(source, version)),
        ];
    }

    /// <summary>For <c>python -m</c>: a line an event.</summary>
    const string Program = """
        import json
        import sys

        from . import PmError, open_and_run

        try:
            with open_and_run(*sys.argv[1:]) as run:
                for event in run:
                    print(event if isinstance(event, str) else json.dumps(event, ensure_ascii=False), flush=True)
        except KeyboardInterrupt:
            pass
        except PmError as error:
            sys.exit(str(error))

        """;

    /// <summary>Others' would have to be fetched. Source: PEP 517; PEP 427; PEP 625.</summary>
    const string Backend = """"
        """Builds the package with nothing but Python's own library."""

        import base64
        import email
        import hashlib
        import io
        import os
        import tarfile
        import zipfile

        HERE = os.path.dirname(os.path.abspath(__file__))


        def _read(path):
            with open(os.path.join(HERE, path), "rb") as file:
                return file.read()


        def _name():
            about = email.message_from_bytes(_read("PKG-INFO"))
            return about["Name"].replace("-", "_").replace(".", "_") + "-" + about["Version"]


        def _files():
            folder = _name().rpartition("-")[0]
            return [f"{folder}/{name}" for name in sorted(os.listdir(os.path.join(HERE, folder))) if name.endswith((".py", ".pkg"))]


        def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
            name, about = _name(), _name() + ".dist-info/"
            wheel, record = f"{name}-py3-none-any.whl", []
            with zipfile.ZipFile(os.path.join(wheel_directory, wheel), "w", zipfile.ZIP_DEFLATED) as archive:

                def add(path, content, digest=True):
                    entry = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
                    entry.external_attr, entry.compress_type = 0o100644 << 16, zipfile.ZIP_DEFLATED
                    archive.writestr(entry, content)
                    text = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
                    record.append(f"{path},sha256={text},{len(content)}\n" if digest else f"{path},,\n")

                for path in _files():
                    add(path, _read(path))
                add(about + "METADATA", _read("PKG-INFO"))
                add(about + "WHEEL", b"Wheel-Version: 1.0\nGenerator: pm export\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
                add(about + "RECORD", "".join(record + [f"{about}RECORD,,\n"]).encode(), digest=False)
            return wheel


        def build_sdist(sdist_directory, config_settings=None):
            name = _name()
            with tarfile.open(os.path.join(sdist_directory, name + ".tar.gz"), "w:gz", format=tarfile.PAX_FORMAT) as archive:
                for path in ["PKG-INFO", "README.md", "build_backend.py", "pyproject.toml", *_files()]:
                    entry, content = tarfile.TarInfo(f"{name}/{path}"), _read(path)
                    entry.size, entry.mode = len(content), 0o644
                    archive.addfile(entry, io.BytesIO(content))
            return name + ".tar.gz"

        """";

    static string Code(ExportSource source) => $$""""
        """Runs {{source.Id}} through pm. Made by `pm export`."""

        import os

        from ._ebpm import PmError, Run, call
        from ._ebpm import open_and_run as _open_and_run

        __all__ = ["PmError", "Run", "call", "open_and_run"]

        _FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "{{source.PackageFile}}")


        def open_and_run(*arguments, **options):
            """Runs it; returns when it is attached. Options are those of `run` of `pm rpc`: duration="5s"."""
            return _open_and_run(_FILE, *arguments, **{{{(source.IsUnsigned ? "\"allowUnsigned\": True, " : "")}}**options})

        """".ReplaceLineEndings("\n");

    /// <summary>Source: Core metadata specifications 2.1.</summary>
    static string Metadata(ExportSource source, string version, string readme) => $"""
        Metadata-Version: 2.1
        Name: {source.Name}
        Version: {version}
        Summary: {source.Summary}
        {(source.Licence is { } licence ? $"License: {licence}\n" : "")}Requires-Python: >=3.8
        Description-Content-Type: text/markdown

        {readme}
        """.ReplaceLineEndings("\n");

    static ReadOnlyMemory<byte> Project(ExportSource source, string version)
    {
        var text = new StringBuilder();
        text.Append("[build-system]\nrequires = []\nbuild-backend = \"build_backend\"\nbackend-path = [\".\"]\n\n[project]\n");
        Add("name", source.Name);
        Add("version", version);
        Add("description", source.Summary);
        Add("readme", "README.md");
        if (source.Licence is { } licence)
        {
            text.Append($"license = {{ text = {TomlExpression.Of(licence)} }}\n");
        }

        text.Append("requires-python = \">=3.8\"\n");
        return Encoding.UTF8.GetBytes(text.ToString());

        void Add(string name, string value) => text.Append($"{name} = {TomlExpression.Of(value)}\n");
    }
}
