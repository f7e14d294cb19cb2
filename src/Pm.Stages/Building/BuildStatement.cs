using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Pm.Codecs;
using Pm.Packages;
using Pm.Packages.Manifests;

namespace Pm.Stages.Building;

/// <summary>What a package is made of, in bytes that are the same wherever that is the same. Source: docs/formats/build.md.</summary>
static class BuildStatement
{
    /// <summary>Of what is made of the same inputs: another one builds all again.</summary>
    public const int Format = 1;

    /// <summary>The meta file that says of what the package is made.</summary>
    public const string ProvenanceName = "provenance.json";

    /// <summary>What the package says of itself.</summary>
    public static PackageDescription Description(Manifest manifest)
    {
        var package = manifest.Package!;
        return new PackageDescription
        {
            Name = package.Name,
            Version = package.Version,
            Description = package.Description.Length > 0 ? package.Description : package.Title ?? package.Name.Text,
            Title = package.Title,
            Licence = package.Licence?.ToString(),
            Homepage = package.Homepage,
            Categories = package.Categories,
            Provides = package.Provides,
            Requires = Requires(manifest),
        };
    }

    /// <summary>The hash of all that the package depends on.</summary>
    /// <param name="request">What is built.</param>
    /// <param name="source">The identity of its source.</param>
    /// <param name="tools">What builds it.</param>
    /// <param name="more">What it depends on besides.</param>
    public static string InputHash(BuildRequest request, string source, ImmutableArray<BuildTool> tools, IEnumerable<KeyValuePair<string, string>> more)
    {
        var bytes = Write(json =>
        {
            json.WriteNumber("format"u8, Format);
            json.WriteString("source"u8, source);
            json.WriteString("description"u8, Sha256Digest.Of(Description(request.Manifest).ToBytes()).ToString());
            WriteInputs(json, "inputs", request.Inputs.Concat(more));
            WriteBuild(json, request.Manifest.Build);
            WriteTexts(json, "files", request.Manifest.Package!.Files);
            WriteInputs(json, "constraints", request.Manifest.Constraints.Select(c => KeyValuePair.Create(c.Tool, c.Requirement.ToString())));
            WriteTools(json, tools, null);
        });
        return Sha256Digest.Of(bytes.Span).ToString();
    }

    /// <summary><c>meta/provenance.json</c>.</summary>
    /// <param name="request">What is built.</param>
    /// <param name="source">The identity of what was read, which does not depend on where it came from.</param>
    /// <param name="tools">What built it; null: it has files alone.</param>
    /// <param name="versions">Of the tools; null: it did not say.</param>
    public static ReadOnlyMemory<byte> Provenance(
        BuildRequest request, string source, ImmutableArray<BuildTool>? tools, IReadOnlyDictionary<string, string?> versions) => Write(json =>
    {
        json.WriteNumber("format"u8, Format);
        json.WriteString("source"u8, source);
        WriteInputs(json, "inputs", request.Inputs);
        if (tools is { } used)
        {
            json.WriteString("arch"u8, BuildTools.Architecture);
            WriteBuild(json, request.Manifest.Build);
            WriteTools(json, used, versions);
        }
    });

    static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> members)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        bytes.Write("\n"u8);
        return bytes.WrittenMemory;
    }

    static void WriteBuild(Utf8JsonWriter json, ManifestBuild? build)
    {
        if (build is null)
        {
            return;
        }

        json.WriteStartObject("build"u8);
        if (build.Preset is { } preset)
        {
            json.WriteString("preset"u8, preset);
        }
        else if (build.Script is { } script)
        {
            json.WriteString("script"u8, script);
        }
        else
        {
            WriteTexts(json, "command", build.Command);
        }

        json.WriteStartObject("env"u8);
        foreach (var (name, value) in build.Environment.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    static void WriteTools(Utf8JsonWriter json, ImmutableArray<BuildTool> tools, IReadOnlyDictionary<string, string?>? versions)
    {
        json.WriteStartArray("tools"u8);
        foreach (var tool in tools)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, tool.Name);
            if (versions is not null)
            {
                json.WriteString("version"u8, versions[tool.Name]);
            }

            json.WriteString("hash"u8, tool.Hash.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Sorted: in which order they were found says nothing.</summary>
    static void WriteInputs(Utf8JsonWriter json, string member, IEnumerable<KeyValuePair<string, string>> inputs)
    {
        json.WriteStartArray(member);
        foreach (var (name, identity) in inputs.OrderBy(i => i.Key, StringComparer.Ordinal).ThenBy(i => i.Value, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("name"u8, name);
            json.WriteString("identity"u8, identity);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void WriteTexts(Utf8JsonWriter json, string member, IEnumerable<string> texts)
    {
        json.WriteStartArray(member);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    /// <summary>What is needed when it runs; what is optional only when a feature that is on by default brings it.</summary>
    static ImmutableSortedDictionary<PackageName, string> Requires(Manifest manifest)
    {
        var brought = Brought(manifest);
        return manifest.Dependencies
            .Where(d => d.Scope is not DependencyScope.Build && (!d.IsOptional || brought.Contains(d.Name.Text)))
            .ToImmutableSortedDictionary(d => d.Name, d => d.Requirement.ToString() is { Length: > 0 } text ? text : "*");
    }

    static HashSet<string> Brought(Manifest manifest)
    {
        var brought = new HashSet<string>(StringComparer.Ordinal);
        var pending = new Stack<string>(["default"]);
        while (pending.TryPop(out var name))
        {
            if (brought.Add(name) && manifest.Features.FirstOrDefault(f => f.Name == name) is { } feature)
            {
                foreach (var further in feature.Brings)
                {
                    pending.Push(further);
                }
            }
        }

        return brought;
    }
}
