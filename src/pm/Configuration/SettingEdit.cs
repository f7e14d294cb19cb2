using Pm.Linux;
using Pm.Packages.Manifests;
using Pm.Packages.Toml;

namespace Pm.Cli.Configuration;

/// <summary>A change of a file of settings that leaves what it does not touch as somebody wrote it.</summary>
sealed class SettingEdit
{
    const int OwnerFile = 0b110_000_000;
    const int PublicFile = 0b110_100_100;
    const int OwnerDirectory = 0b111_000_000;
    const int PublicDirectory = 0b111_101_101;

    readonly PmContext _context;
    readonly SettingTarget _target;
    readonly IDocumentEditor _editor;
    readonly byte[] _before;

    /// <exception cref="CommandException">PM1202: others than this user and root could have written it.</exception>
    /// <exception cref="Packages.PackageFormatException">PM2101–PM2103, PM2111: it is no TOML, or no JSON.</exception>
    public SettingEdit(PmContext context, SettingTarget target)
    {
        (_context, _target) = (context, target);
        _before = (target.Level is SettingLevel.Project ? OfProject() : SettingPlaces.TryReadBytes(context, target.Path)) ?? [];
        _editor = Manifest.Edit(_before, target.Path, target.MaximumSize);
    }

    /// <summary>Whether the file is another now.</summary>
    public bool IsChanged => !_editor.Document.Bytes.Span.SequenceEqual(_before);

    /// <summary>The keys that stand there.</summary>
    public IEnumerable<string> Names
    {
        get
        {
            var table = _editor.Document.Root;
            foreach (var name in _target.Table)
            {
                if (!table.TryGet(name, out var inside) || inside.Kind is not TomlKind.Table)
                {
                    return [];
                }

                table = inside.Table;
            }

            return [.. table.Entries.ToArray().Select(e => e.Key)];
        }
    }

    /// <returns>What stands there now.</returns>
    public string Set(Setting setting, string text)
    {
        var whole = Whole(setting, text);
        _editor.Set(Steps(setting.Name), Expression(setting, whole));
        return whole;
    }

    /// <returns>Whether it was there.</returns>
    public bool Remove(string name) => _editor.Remove(Steps(name));

    /// <summary>Writes the file, durably; its directory is made where there is none.</summary>
    /// <exception cref="SystemCallException">The old content stands.</exception>
    public void Save()
    {
        // A link to where somebody keeps their settings stays one.
        var path = FileStatus.OfLink(_target.Path) is { IsSymbolicLink: true }
            ? File.ResolveLinkTarget(_target.Path, returnFinalTarget: true)!.FullName
            : _target.Path;
        var isPublic = _target.Level is not SettingLevel.User;
        using var directory = DirectoryHandle.OpenOrMake(Path.GetDirectoryName(path)!, isPublic ? PublicDirectory : OwnerDirectory);
        DurableFile.ClearLeft(directory, isAlone: false);
        DurableFile.Replace(directory, Path.GetFileName(path), _editor.Document.Bytes.Span, FileStatus.Of(path)?.Mode ?? (isPublic ? PublicFile : OwnerFile));
    }

    TomlStep[] Steps(string name) => [.. _target.Table.Select(t => new TomlStep(t)), new TomlStep(name)];

    byte[]? OfProject()
    {
        using var file = OpenFile.TryOpenRead(_target.Path);
        return file is null ? null : FileReading.All(file, _target.MaximumSize, _target.Path);
    }

    static TomlExpression Expression(Setting setting, string text) => setting.Form switch
    {
        SettingForm.Switch => TomlExpression.Of(text == SettingText.True),
        SettingForm.Number => TomlExpression.Of(long.Parse(text, System.Globalization.CultureInfo.InvariantCulture)),
        _ => TomlExpression.Of(text),
    };

    /// <summary>A path means the same wherever pm is called.</summary>
    string Whole(Setting setting, string text) => setting.Form switch
    {
        SettingForm.Path => Whole(text),
        SettingForm.Paths => string.Join(':', text.Split(':').Select(Whole)),
        _ => text,
    };

    string Whole(string path) => path is "~" or ['~', '/', ..] ? path : _context.FullPath(path);
}
