using System.Buffers;
using System.Text.Json;

namespace Pm.Cli.Export;

/// <summary>An npm package.</summary>
static class NpmExport
{
    static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    public static IReadOnlyList<ExportFile> Files(ExportSource source, string version) =>
    [
        ExportFile.Of("README.md", source.Readme(
            "js", source.PackageFile,
            $$"""
            // A module: in a .mjs file.
            import { openAndRun } from '{{source.Name}}';

            const run = await openAndRun();
            for await (const event of run) console.log(event);
            await run.stop();
            """,
            """
            const filtered = await openAndRun('--pid', '42', { duration: '1m' });
            for await (const event of filtered) console.log(event);
            """)),
        ExportFile.Of("ebpm.js", Binding.Node),
        ExportFile.Of("index.js", Code(source)),
        new("package.json", Manifest(source, version)),
        ExportFile.Package(source.PackageFile),
    ];

    static string Code(ExportSource source) => $$"""
        'use strict';
        // Runs {{source.Id}} through pm. Made by `pm export`.

        const path = require('node:path');
        const { openAndRun, call, PmError } = require('./ebpm.js');

        const file = path.join(__dirname, '{{source.PackageFile}}');

        /** Runs it; resolves when it is attached. Its flags one by one or as an array, and behind them options of `run` of `pm rpc`: { duration: '5s' }. */
        exports.openAndRun = (...rest) => {
          // What somebody hands on may not be there.
          rest = rest.filter((one) => one !== undefined && one !== null);
          const last = rest[rest.length - 1];
          const options = typeof last === 'object' && !Array.isArray(last) ? rest.pop() : {};
          return openAndRun(file, ...rest, { {{(source.IsUnsigned ? "allowUnsigned: true, " : "")}}...options });
        };
        exports.call = call;
        exports.PmError = PmError;

        """.ReplaceLineEndings("\n");

    static ReadOnlyMemory<byte> Manifest(ExportSource source, string version)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text, Indented))
        {
            json.WriteStartObject();
            json.WriteString("name"u8, source.Name);
            json.WriteString("version"u8, version);
            json.WriteString("description"u8, source.Summary);
            if (source.Licence is { } licence)
            {
                json.WriteString("license"u8, licence);
            }

            json.WriteString("main"u8, "index.js"u8);
            json.WriteStartArray("files"u8);
            foreach (var name in new[] { "ebpm.js", "index.js", source.PackageFile })
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
            json.WriteStartObject("engines"u8);
            json.WriteString("node"u8, ">=16"u8);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        text.Write("\n"u8);
        return text.WrittenMemory;
    }
}
