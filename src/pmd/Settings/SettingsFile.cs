using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Pm.Linux;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Packages.Toml;

namespace Pm.Daemon.Settings;

/// <summary>What a file sets: <c>/etc/pm/pmd.toml</c>, or the one that <c>--config</c> names. Source: docs/formats/configuration.md.</summary>
sealed class SettingsFile
{
    /// <summary>The key of the repositories, which have no flag.</summary>
    public const string DirectoriesKey = "directories";

    /// <summary>The file that is read when none is named and it is there.</summary>
    public const string Name = "pmd.toml";

    /// <summary>Longest in bytes.</summary>
    public const int MaximumSize = 64 * 1024;

    static readonly TomlLimits Limits = new() { Size = MaximumSize, Depth = 8, Values = 1000 };

    readonly TomlDocument _document;
    readonly DaemonContext _place;
    readonly List<string> _warnings = [];

    SettingsFile(TomlDocument document, DaemonContext place)
    {
        (_document, _place) = (document, place);
        foreach (var entry in document.Root.Entries)
        {
            Check(entry.Key, entry.KeySpan);
        }
    }

    public string Path => _document.File;

    /// <summary>What of it counts for nothing, a line each.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>The file that is named, else the machine's; null: there is none.</summary>
    /// <exception cref="DaemonException">PM0008: what was named is not there; PM1202: others could have written it; PM2101–PM2103: it is no TOML.</exception>
    public static SettingsFile? Find(string? named, DaemonContext context)
    {
        var path = named is null ? System.IO.Path.Join(context.SystemDirectory, Name) : context.FullPath(named);
        using var file = Open(path, named is not null);
        if (file is null)
        {
            return named is null ? null : throw new DaemonException(DaemonException.NotFoundExit, "PM0008", $"no such file: {path}");
        }

        if (OpenFile.Status(file, path).WhyNotTrusted(SystemUser.EffectiveUserId) is { } why)
        {
            throw new DaemonException(DaemonException.InvalidExit, "PM1202", $"{path}: {why}: it is not believed", $"look at what it says; then `chown` or `chmod go-w {path}`");
        }

        return Read(FileReading.All(file, MaximumSize, path), path, context);
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="DaemonException">PM2101–PM2103, PM1203: it will not do.</exception>
    public static SettingsFile Read(ReadOnlyMemory<byte> utf8, string path, DaemonContext context)
    {
        // A path in it is below its directory, wherever pmd is started.
        var place = context with { WorkingDirectory = System.IO.Path.GetDirectoryName(path) is { Length: > 0 } parent ? parent : "/" };
        return Told(() => new SettingsFile(TomlDocument.Read(utf8, path, Limits), place));
    }

    /// <summary>The values of a setting as they would stand on the command line; none when the file does not have it.</summary>
    /// <exception cref="DaemonException">PM5206: it has another kind.</exception>
    public string[] Values(Setting setting) => Told(() => Texts(setting.Key, setting.IsRepeatable));

    /// <summary>The repositories.</summary>
    /// <exception cref="DaemonException">PM5206: it is no list of texts.</exception>
    public string[] Directories() => Told(() => Texts(DirectoriesKey, isList: true));

    /// <summary>Puts the values of a setting into the settings.</summary>
    /// <exception cref="DaemonException">PM5206: one of them is wrong; the message shows the place.</exception>
    public DaemonSettings Apply(DaemonSettings settings, Setting setting) => Told(() =>
    {
        var values = Texts(setting.Key, setting.IsRepeatable);
        try
        {
            return values.Aggregate(settings, (one, value) => setting.Apply(one, value, _place));
        }
        catch (Exception e) when (e is DaemonException { Code: "PM5206" } or Pm.Repositories.RepositoryException)
        {
            throw _document.Fault("PM5206", e.Message.Replace(setting.Flag, $"`{setting.Key}`", StringComparison.Ordinal), _document.Root.Find(setting.Key)!.Value.Value.Span);
        }
    });

    /// <summary>The absolute path of one that stands in it.</summary>
    public string FullPath(string path) => _place.FullPath(path);

    static SafeFileHandle? Open(string path, bool isNamed)
    {
        try
        {
            return OpenFile.TryOpenRead(path);
        }
        catch (SystemCallException e) when (!isNamed && e.Errno is Errno.EACCES)
        {
            // The machine's server is another user's.
            return null;
        }
    }

    string[] Texts(string key, bool isList)
    {
        if (_document.Root.Find(key) is not { } entry)
        {
            return [];
        }

        return entry.Value is { Kind: TomlKind.Array, Array.IsOfTables: false } && isList
            ? [.. entry.Value.Array.Items.ToArray().Select(item => Text(key, item))]
            : [Text(key, entry.Value)];
    }

    string Text(string key, TomlValue value) => value.Kind switch
    {
        TomlKind.Text when value.Text.Length > 0 && !value.Text.Any(char.IsControl) => value.Text,
        TomlKind.Integer => value.Integer.ToString(CultureInfo.InvariantCulture),
        TomlKind.Text => throw _document.Fault("PM5206", $"`{key}`: expected a line of text", value.Span),
        _ => throw _document.Fault("PM5206", $"`{key}`: expected a text or a number, got {value.KindName}", value.Span),
    };

    void Check(string key, TomlSpan span)
    {
        string[] known = [.. SettingTable.All.Select(s => s.Key), DirectoriesKey];
        if (!known.Contains(key) && _warnings.Count < 20)
        {
            var meant = EditDistance.Nearest(key, known, most: 1).FirstOrDefault();
            _warnings.Add($"{Path}:{_document.PositionOf(span.Start)}: there is no setting `{key}`{(meant is null ? "" : $"; did you mean `{meant}`?")}");
        }
    }

    static T Told<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (PackageFormatException e)
        {
            // Without its line: what the daemon says is one.
            throw new DaemonException(DaemonException.InvalidExit, e.Code, e.Message.Split('\n')[0], e.Hint);
        }
    }
}
