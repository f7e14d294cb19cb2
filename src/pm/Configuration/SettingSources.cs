using Pm.Cli.Output;
using Pm.Linux;
using Pm.Packages.Toml;

namespace Pm.Cli.Configuration;

/// <summary>
/// Where the settings of a run come from: flags over variables over the project, the user's and the machine's file over defaults. Source: design §9. The files
/// are opened when they are first asked for.
/// </summary>
sealed class SettingSources
{
    readonly PmContext _context;
    readonly IReadOnlyDictionary<Setting, string> _flags;
    readonly SettingFile? _project;
    readonly Lazy<(SettingFile? User, SettingFile? System)> _files;
    readonly bool _toleratesFaults;

    /// <param name="context">For the environment and places.</param>
    /// <param name="flags">What was given on the command line.</param>
    /// <param name="toleratesFaults">A file that will not do counts as none: for what helps to mend it.</param>
    public SettingSources(PmContext context, IReadOnlyDictionary<Setting, string>? flags = null, bool toleratesFaults = false)
    {
        (_context, _flags, _toleratesFaults) = (context, flags ?? new Dictionary<Setting, string>(), toleratesFaults);
        _files = new(() => (
            TryRead(SettingPlaces.User(context), SettingLevel.User),
            TryRead(SettingPlaces.System(context), SettingLevel.System)));
    }

    SettingSources(SettingSources other, SettingFile project) =>
        (_context, _flags, _files, _toleratesFaults, _project) = (other._context, other._flags, other._files, other._toleratesFaults, project);

    /// <summary>What a setting is, and who says so.</summary>
    /// <exception cref="CommandException">PM1007, PM1200–PM1203: who says it says it wrongly.</exception>
    public SettingValue Find(Setting setting)
    {
        if (_flags.TryGetValue(setting, out var given))
        {
            return new SettingValue(Whole(setting, given), SettingLevel.Flag, setting.Flag);
        }

        foreach (var variable in setting.Variables)
        {
            if (_context.Variable(variable.Name) is { } said && variable.Meaning(said) is { } text)
            {
                return setting.Accepts(text)
                    ? new SettingValue(Whole(setting, text), SettingLevel.Variable, variable.Name)
                    : throw CommandException.Usage("PM1007", $"{variable.Name}: expected {setting.Expected}, got `{said}`");
            }
        }

        return _project?.Find(setting) ?? _files.Value.User?.Find(setting) ?? _files.Value.System?.Find(setting)
            ?? new SettingValue(setting.Default(_context), SettingLevel.Default);
    }

    /// <summary>The value of a setting; nothing when it is not set and has no default.</summary>
    /// <exception cref="CommandException">As <see cref="Find"/>.</exception>
    public T? Get<T>(TypedSetting<T> setting) => Find(setting).Text is { } text && setting.Read(text, out var value) ? value : default;

    /// <summary>The settings of a run.</summary>
    /// <exception cref="CommandException">As <see cref="Find"/>.</exception>
    public PmContext Applied(PmContext context)
    {
        var root = Find(SettingTable.Root);
        context.Terminal.Color = Get(SettingTable.Color);
        return context with
        {
            Sources = this,
            Settings = context.Settings with
            {
                Root = root.Text,
                RootIsNamed = root.Level > SettingLevel.Default,
                RootIsGiven = root.Level is SettingLevel.Flag,
                Store = Get(SettingTable.Store),
                Cache = Get(SettingTable.Cache),
                NoInput = Get(SettingTable.NoInput),
                Offline = Get(SettingTable.Offline),
                Proxy = Get(SettingTable.Proxy),
                CertificateFile = Get(SettingTable.CertificateFile),
                Jobs = Get(SettingTable.Jobs),
                Progress = Get(SettingTable.Progress),
                LockTimeout = Get(SettingTable.LockTimeout),
                MinimumAge = Get(SettingTable.MinimumAge),
            },
        };
    }

    /// <summary>The same with what a project's manifest sets; what of it counts for nothing is said.</summary>
    /// <exception cref="CommandException">PM1200: it sets something wrongly.</exception>
    public SettingSources With(TomlDocument manifest)
    {
        if (SettingFileReader.ReadProject(manifest) is not { } project)
        {
            return this;
        }

        Warn(project);
        return new SettingSources(this, project);
    }

    // In what pm writes itself, and in a project, every path is whole already.
    string Whole(Setting setting, string text) => setting.Form is not SettingForm.Path ? text
        : _context.WorkingDirectory.Length > 0 ? _context.FullPath(text)
        : text;

    SettingFile? TryRead(string? path, SettingLevel level)
    {
        try
        {
            var file = SettingPlaces.TryRead(_context, path, level);
            Warn(file);
            return file;
        }
        catch (SystemCallException e) when (e.Errno is Errno.EACCES or Errno.EPERM)
        {
            // As for who became another user and kept HOME: nothing there is theirs.
            Note($"warning: {path} cannot be read: it counts for nothing");
            return null;
        }
        catch (Exception e) when (_toleratesFaults && e is CommandException or SystemCallException)
        {
            return null;
        }
    }

    void Warn(SettingFile? file)
    {
        foreach (var warning in file?.Warnings ?? [])
        {
            Note(warning);
        }
    }

    void Note(string line)
    {
        if (!_toleratesFaults)
        {
            _context.Terminal.Note(Hostile.OneLine(line));
        }
    }
}
