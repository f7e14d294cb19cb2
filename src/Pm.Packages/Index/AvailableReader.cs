using System.Collections.Immutable;
using System.Text.Json;
using Pm.Blobs;

namespace Pm.Packages.Index;

/// <summary>Reads <c>available.json</c>: an object of names, of versions, of fields. Source: docs/formats/available-json.md.</summary>
ref struct AvailableReader
{
    readonly List<AvailablePackage> _packages = [];
    readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    JsonText _json;

    AvailableReader(ReadOnlySpan<byte> json, string where) => _json = new JsonText(json, "PM2015", where);

    public static List<AvailablePackage> Read(ReadOnlySpan<byte> json, string where)
    {
        if (json.Length > AvailableDocument.MaximumSize)
        {
            throw new PackageFormatException(
                "PM2015", $"it has {json.Length} bytes, at most {AvailableDocument.MaximumSize} are read", where);
        }

        var reader = new AvailableReader(json, where);
        reader.Document();
        return reader._packages;
    }

    void Document()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        _json.Expect(JsonTokenType.StartObject, "");
        while (_json.NextName("") is { } name)
        {
            if (!names.Add(name))
            {
                throw _json.Fault(name, "it stands there twice");
            }

            _json.Expect(JsonTokenType.StartObject, name);
            while (_json.NextName(name) is { } version)
            {
                _json.Scope = $"{name}.{version}";
                _json.Expect(JsonTokenType.StartObject, "");
                _packages.Add(Package(name, version));
                _json.Scope = "";
            }
        }

        _json.End();
    }

    AvailablePackage Package(string name, string version)
    {
        if (!PackageName.TryParse(name, out var packageName) || !PackageVersion.TryParse(version, out var packageVersion))
        {
            throw _json.Fault("", "expected a package name and a version");
        }

        var package = new AvailablePackage(new PackageId(packageName, packageVersion));
        _seen.Clear();
        while (_json.NextName("") is { } field)
        {
            if (!_seen.Add(field))
            {
                throw _json.Fault(field, "it stands there twice");
            }

            package = Field(package, field);
        }

        return package;
    }

    AvailablePackage Field(AvailablePackage package, string member)
    {
        switch (member)
        {
            case "name":
                return Same(package, package.Name.Text, member);
            case "version":
                return Same(package, package.Version.Text, member);
            case "description":
                return package with { Description = Line(member) ?? "" };
            case "namespace":
                return package with { Namespace = Line(member) };
            case "title":
                return package with { Title = Line(member) };
            case "remote":
                return package with { Remote = Remote(member) };
            case "deps":
                return package with { Dependencies = Dependencies(member) };
            case "requires":
                return package with { Requires = Requires(member) };
            case "provides":
                return package with { Provides = [.. _json.NextTexts(member).Select(Shown.Line)] };
            case "hash":
                return package with { Hash = Hash(member) };
            case "size":
                return package with { SizeInBytes = _json.NextSize(member) };
            case "download_size":
                return package with { DownloadSize = _json.NextSize(member) };
            case "yanked":
                return package with { IsYanked = _json.NextBoolean(member) };
            case "yank_reason":
                return package with { YankReason = Line(member) };
            case "signer":
                return package with { Signer = Signer(member) };
            default:
                _json.Skip();
                return package;
        }
    }

    AvailablePackage Same(AvailablePackage package, string expected, string member)
    {
        var text = _json.NextText(member);
        return text is null or "" || text == expected
            ? package
            : throw _json.Fault(member, $"expected {Shown.Quote(expected)}, got {Shown.Quote(text)}");
    }

    /// <summary>Text to be shown: a document from elsewhere may not steer the terminal.</summary>
    string? Line(string member) => _json.NextText(member) is { } text ? Shown.Line(text) : null;

    MerkleRoot? Hash(string member) =>
        _json.NextText(member) is not { } text ? null
        : MerkleRoot.TryParse(text, null, out var root) ? root
        : throw _json.Fault(member, "expected 64 hexadecimal digits");

    string? Signer(string member) =>
        _json.NextText(member) is not { } text ? null
        : text.Length == 40 && text.All(char.IsAsciiHexDigit) ? text.ToUpperInvariant()
        : throw _json.Fault(member, "expected the 40 digits of a fingerprint");

    ImmutableArray<Dependency> Dependencies(string member)
    {
        var dependencies = ImmutableArray.CreateBuilder<Dependency>();
        foreach (var text in _json.NextTexts(member))
        {
            dependencies.Add(Dependency.TryParse(text, out var dependency)
                ? dependency
                : throw _json.Fault(member, $"{Shown.Quote(text)} is not a dependency"));
        }

        return dependencies.DrainToImmutable();
    }

    ImmutableSortedDictionary<PackageName, string> Requires(string member)
    {
        var requires = ImmutableSortedDictionary.CreateBuilder<PackageName, string>();
        _json.Expect(JsonTokenType.StartObject, member);
        while (_json.NextName(member) is { } name)
        {
            if (!PackageName.TryParse(name, out var packageName) || !requires.TryAdd(packageName, Line(member) ?? ""))
            {
                throw _json.Fault(member, $"{Shown.Quote(name)} is not a package name, or stands there twice");
            }
        }

        return requires.ToImmutable();
    }

    /// <summary>A string, or the object that Go makes of its <c>url.URL</c>.</summary>
    string? Remote(string member)
    {
        _json.Next();
        if (_json.Token == JsonTokenType.Null)
        {
            return null;
        }

        if (_json.Token == JsonTokenType.String)
        {
            return Shown.Line(_json.Text(member));
        }

        if (_json.Token != JsonTokenType.StartObject)
        {
            throw _json.Fault(member, "expected a URL, as text or as an object");
        }

        string? scheme = null, host = null, path = null;
        while (_json.NextName(member) is { } field)
        {
            switch (field)
            {
                case "Scheme":
                    scheme = Line(member);
                    break;
                case "Host":
                    host = Line(member);
                    break;
                case "Path":
                    path = Line(member);
                    break;
                default:
                    _json.Skip();
                    break;
            }
        }

        return string.IsNullOrEmpty(scheme) && string.IsNullOrEmpty(host) && string.IsNullOrEmpty(path)
            ? null
            : string.IsNullOrEmpty(scheme) ? path : $"{scheme}://{host}{path}";
    }
}
