using System.Collections.Immutable;
using Pm.Packages.Index;
using Pm.Packages.Versions;
using Pm.Packages.Yaml;

namespace Pm.Packages;

/// <summary>Makes a <see cref="PackageDescription"/> of YAML nodes; every fault names field and place.</summary>
sealed class DescriptionReader
{
    static readonly string[] Known =
    [
        "name", "version", "namespace", "description", "remote", "deps", "requires", "title", "licence", "license", "homepage",
        "developer", "developer-key", "categories", "provides", "commands", "config", "units", "ebpf",
    ];

    readonly DescriptionFields _fields;

    /// <exception cref="PackageFormatException">PM2013: <paramref name="document"/> is not a mapping.</exception>
    public DescriptionReader(YamlNode? document, string where) => _fields = new DescriptionFields(document, where);

    public PackageDescription Read() => new()
    {
        Name = _fields.Parsed(_fields.Required("name"), PackageName.Parse),
        Version = _fields.Parsed(_fields.Required("version"), PackageVersion.Parse),
        Description = _fields.Text("description", _fields.Required("description"), mayHaveLines: true),
        Namespace = _fields.Line("namespace"),
        Remote = _fields.Line("remote"),
        Dependencies = Dependencies(),
        Requires = Requires(),
        Title = _fields.Line("title"),
        Licence = _fields.Line("licence") ?? _fields.Line("license"),
        Homepage = _fields.Line("homepage"),
        Developer = _fields.Line("developer"),
        DeveloperKey = _fields.Line("developer-key"),
        Categories = [.. _fields.List("categories").Select(i => _fields.Text("categories", i))],
        Provides = [.. _fields.List("provides").Select(i => _fields.Text("provides", i))],
        Commands = Commands(),
        Config = [.. _fields.List("config").Select(i => Path("config", i, mayBeFolder: true))],
        Units = Units(),
        Ebpf = [.. _fields.List("ebpf").Select(i => Path("ebpf", i, mayBeFolder: false))],
        UnknownFields = [.. _fields.Names.Where(n => !Known.Contains(n.Text)).Select(Unknown)],
    };

    ImmutableArray<Dependency> Dependencies()
    {
        var dependencies = ImmutableArray.CreateBuilder<Dependency>();
        var names = new HashSet<PackageName>();
        foreach (var item in _fields.List("deps"))
        {
            var dependency = _fields.Parsed(item, Dependency.Parse);
            if (!names.Add(dependency.Name))
            {
                throw _fields.Fault("deps", item, $"{Shown.Quote(dependency.Name.Text)} stands there twice");
            }

            dependencies.Add(dependency);
        }

        return dependencies.DrainToImmutable();
    }

    ImmutableSortedDictionary<PackageName, string> Requires()
    {
        var requires = ImmutableSortedDictionary.CreateBuilder<PackageName, string>();
        foreach (var (key, value) in _fields.Mapping("requires"))
        {
            var text = _fields.Scalar("requires", value);
            _fields.Parsed(text, VersionRequirement.Parse);
            requires.Add(_fields.Parsed(key, PackageName.Parse), _fields.Text("requires", text));
        }

        return requires.ToImmutable();
    }

    ImmutableSortedDictionary<string, string> Commands()
    {
        var commands = ImmutableSortedDictionary.CreateBuilder<string, string>(PathOrder.Bytes);
        foreach (var (key, value) in _fields.Mapping("commands"))
        {
            if (!PackagePath.IsValid(key.Text) || key.Text.Contains('/'))
            {
                throw _fields.Fault("commands", key, $"{Shown.Quote(key.Text)} is not the name of a command");
            }

            commands.Add(key.Text, Path("commands", _fields.Scalar("commands", value), mayBeFolder: false));
        }

        return commands.ToImmutable();
    }

    ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> Units()
    {
        var units = ImmutableSortedDictionary.CreateBuilder<string, ImmutableSortedDictionary<string, string>>(PathOrder.Bytes);
        foreach (var (key, value) in _fields.Mapping("units"))
        {
            if (!PackageName.TryParse(key.Text, out var name) || name.Owner is not null)
            {
                throw _fields.Fault("units", key, $"{Shown.Quote(key.Text)} is not the name of a unit");
            }

            units.Add(key.Text, Unit(value));
        }

        return units.ToImmutable();
    }

    /// <summary>A command line, or a mapping of settings with one.</summary>
    ImmutableSortedDictionary<string, string> Unit(YamlNode node)
    {
        var settings = ImmutableSortedDictionary.CreateBuilder<string, string>(PathOrder.Bytes);
        if (node is not YamlMapping mapping)
        {
            settings.Add("command", _fields.Text("units", _fields.Scalar("units", node)));
            return settings.ToImmutable();
        }

        foreach (var (key, value) in mapping.Entries)
        {
            settings.Add(_fields.Text("units", key), _fields.Text("units", _fields.Scalar("units", value)));
        }

        return settings.ContainsKey("command")
            ? settings.ToImmutable()
            : throw _fields.Fault("units", node, "`command:` is missing");
    }

    string Path(string field, YamlScalar scalar, bool mayBeFolder)
    {
        var path = mayBeFolder && scalar.Text.EndsWith('/') ? scalar.Text[..^1] : scalar.Text;
        return PackagePath.Fault(path) is { } fault
            ? throw _fields.Fault(field, scalar, $"path {Shown.Quote(scalar.Text)}: {fault}")
            : scalar.Text;
    }

    static UnknownField Unknown(YamlScalar key) =>
        new(key.Text, key.Position, EditDistance.Nearest(key.Text, Known, most: 1).FirstOrDefault());
}
