using System.Globalization;
using System.Text;
using Pm.Cli.Output;
using Pm.Packages;
using Pm.Packages.Toml;

namespace Pm.Cli.Configuration;

/// <summary>Makes settings of a table of a TOML document: a configuration file, or <c>[settings]</c> of a manifest. Source: docs/formats/configuration.md.</summary>
sealed class SettingFileReader
{
    /// <summary>The table of a manifest.</summary>
    public const string TableName = "settings";

    /// <summary>Longest configuration file in bytes.</summary>
    public const int MaximumSize = 64 * 1024;

    const int MostWarnings = 20;

    static readonly TomlLimits Limits = new() { Size = MaximumSize, Depth = 8, Values = 1000 };

    readonly TomlDocument _document;
    readonly SettingLevel _level;
    readonly string? _home;
    readonly Dictionary<Setting, (string Text, int Line)> _values = [];
    readonly List<string> _warnings = [];

    SettingFileReader(TomlDocument document, SettingLevel level, string? home) => (_document, _level, _home) = (document, level, home);

    /// <summary>Reads the file of a machine or a user.</summary>
    /// <param name="utf8">Its bytes.</param>
    /// <param name="path">For messages.</param>
    /// <param name="level">Whose it is.</param>
    /// <param name="home">What <c>~</c> stands for; null: nobody knows.</param>
    /// <exception cref="CommandException">PM1200, PM1203, or PM2101–PM2103 of TOML: it will not do; the message shows the place.</exception>
    public static SettingFile Read(ReadOnlyMemory<byte> utf8, string path, SettingLevel level, string? home)
    {
        try
        {
            var document = TomlDocument.Read(utf8, path, Limits);
            return new SettingFileReader(document, level, home).Read(document.Root);
        }
        catch (PackageFormatException e)
        {
            throw new CommandException(ExitCode.Invalid, e.Code, e.Message, e.Hint);
        }
    }

    /// <summary>Reads the settings of a project; null: its manifest has none.</summary>
    /// <exception cref="CommandException">PM1200: a value that a project may set is wrong.</exception>
    public static SettingFile? ReadProject(TomlDocument manifest)
    {
        if (!manifest.Root.TryGet(TableName, out var table))
        {
            return null;
        }

        try
        {
            return table.Kind is TomlKind.Table
                ? new SettingFileReader(manifest, SettingLevel.Project, null).Read(table.Table)
                : throw manifest.Fault("PM1200", $"`{TableName}`: expected a table, got {table.KindName}", table.Span);
        }
        catch (PackageFormatException e)
        {
            throw new CommandException(ExitCode.Invalid, e.Code, e.Message, e.Hint);
        }
    }

    SettingFile Read(TomlTable table)
    {
        foreach (var entry in table.Entries)
        {
            if (SettingTable.Find(entry.Key) is { } setting)
            {
                Read(setting, entry);
            }
            else
            {
                Unknown(entry);
            }
        }

        return new SettingFile(_level, _document.File, _values, _warnings);
    }

    void Read(Setting setting, TomlEntry entry)
    {
        if (_level is SettingLevel.Project && setting.InProject is ProjectRule.Never)
        {
            Warn(entry, $"a project cannot set `{setting.Name}`: it counts for nothing");
            return;
        }

        var text = TextOf(setting, entry.Value);
        if (!setting.Accepts(text))
        {
            throw Wrong(setting, entry, Excerpt(entry.Value));
        }

        if (setting.Secret(text) is { } why)
        {
            throw Secret(entry, $"`{setting.Name}`: {why}", setting);
        }

        if (_level is SettingLevel.Project && !setting.IsForProjects(text))
        {
            Warn(entry, $"a project can set `{setting.Name}` to true alone: it counts for nothing");
            return;
        }

        _values.Add(setting, (Whole(setting, entry, text), _document.PositionOf(entry.KeySpan.Start).Line));
    }

    /// <summary>The value as it would stand on a command line; "" where it has a kind that the setting has not.</summary>
    static string TextOf(Setting setting, TomlValue value) => (setting.Form, value.Kind) switch
    {
        (SettingForm.Switch, TomlKind.Boolean) => value.Boolean ? SettingText.True : SettingText.False,
        (SettingForm.Number or SettingForm.Time, TomlKind.Integer) => value.Integer.ToString(CultureInfo.InvariantCulture),
        (not (SettingForm.Switch or SettingForm.Number), TomlKind.Text) => value.Text,
        _ => "",
    };

    string Whole(Setting setting, TomlEntry entry, string text) => setting.Form switch
    {
        SettingForm.Path => PathOf(setting, entry, text),
        SettingForm.Paths => string.Join(':', text.Split(':').Select(part => PathOf(setting, entry, part))),
        _ => text,
    };

    /// <summary>A path means the same wherever pm is called.</summary>
    string PathOf(Setting setting, TomlEntry entry, string text) =>
        text is "~" or ['~', '/', ..] && _home is not null ? Path.GetFullPath(Path.Join(_home, text[1..]), "/")
        : Path.IsPathFullyQualified(text) ? Path.GetFullPath(text, "/")
        : throw _document.Fault(
            "PM1200", $"`{setting.Name}`: expected a path that begins with `/`{(_home is null ? "" : " or `~/`")}, got `{Hostile.OneLine(text)}`", entry.Value.Span);

    void Unknown(TomlEntry entry)
    {
        if (_level is not SettingLevel.Project && SecretNames.Has(entry.Key))
        {
            throw Secret(entry, $"`{Hostile.OneLine(entry.Key)}` looks like a secret", null);
        }

        Warn(entry, entry.Key == TableName && entry.Value.Kind is TomlKind.Table
            ? $"`[{TableName}]` is of a project's pm.toml; here settings stand by themselves, above every table"
            : $"pm has no setting `{Hostile.OneLine(entry.Key)}`{SettingNames.Meant(entry.Key)}");
    }

    void Warn(TomlEntry entry, string message)
    {
        if (_warnings.Count < MostWarnings)
        {
            _warnings.Add($"warning: {_document.File}:{_document.PositionOf(entry.KeySpan.Start)}: {message}");
        }
    }

    PackageFormatException Wrong(Setting setting, TomlEntry entry, string got) =>
        _document.Fault("PM1200", $"`{setting.Name}`: expected {setting.Expected}{InQuotes(setting, entry.Value)}, got {got}", entry.Value.Span);

    /// <summary>Its line is not shown: the message may go to a log.</summary>
    PackageFormatException Secret(TomlEntry entry, string what, Setting? setting) => new(
        "PM1203", $"{what}, and a configuration file is no place for one", $"{_document.File}:{_document.PositionOf(entry.KeySpan.Start)}", SecretNames.Hint(setting));

    /// <summary>Quotes where there should be none are not seen at once.</summary>
    static string InQuotes(Setting setting, TomlValue value) =>
        setting.Form is SettingForm.Switch or SettingForm.Number && value.Kind is TomlKind.Text && setting.Accepts(value.Text) ? " without quotes" : "";

    string Excerpt(TomlValue value)
    {
        const int longest = 60;
        if (value.Kind is TomlKind.Table or TomlKind.Array)
        {
            return value.KindName;
        }

        var text = Encoding.UTF8.GetString(_document.Bytes.Span.Slice(value.Span.Start, value.Span.Length));
        return $"`{Hostile.OneLine(text.Length > longest ? text[..longest] + "…" : text)}`";
    }
}
