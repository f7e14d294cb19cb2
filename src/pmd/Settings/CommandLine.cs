using System.Text;

namespace Pm.Daemon.Settings;

/// <summary>The settings of a command line, an environment and a file.</summary>
static class CommandLine
{
    /// <exception cref="DaemonException">PM5206: a flag that does not exist, without its value, or with a wrong one; or as <see cref="SettingsFile.Find"/>.</exception>
    public static DaemonSettings Parse(IReadOnlyList<string> arguments, DaemonContext context)
    {
        var flags = new List<(Setting Setting, string Value)>();
        var named = context.Variable(SettingTable.FileVariable);
        var directories = new List<string>();
        for (var at = 0; at < arguments.Count; at++)
        {
            if (!arguments[at].StartsWith("--", StringComparison.Ordinal))
            {
                directories.Add(arguments[at]);
            }
            else if (arguments[at] == "--")
            {
                directories.AddRange(arguments.Skip(at + 1));
                break;
            }
            else
            {
                var (flag, value) = Option(arguments, ref at);
                if (flag is null)
                {
                    named = value;
                }
                else
                {
                    flags.Add((flag, value));
                }
            }
        }

        var file = named == SettingTable.NoFile ? null : SettingsFile.Find(named, context);
        var settings = SettingTable.All.Aggregate(new DaemonSettings { File = file }, (s, setting) => Values(setting, flags, context) is { Length: > 0 } values
            ? values.Aggregate(s, (one, value) => setting.Apply(one, value, context))
            : file?.Apply(s, setting) ?? s);
        return Checked(settings with
        {
            Directories = [.. Directories(directories, context, file)],
            Given = [.. SettingTable.All.Select(s => (s.Key, string.Join(", ", Values(s, flags, context) is { Length: > 0 } values ? values : file?.Values(s) ?? [])))],
        });
    }

    /// <summary>What <c>--help</c> prints.</summary>
    public static string Help()
    {
        var text = new StringBuilder(
            $"usage: {Product.Name} [OPTION]… DIR…\n\nServes the repositories in and below DIR over HTTP: `pm serve DIR` is the same. NAMESPACE=DIR names one.\n\n");
        foreach (var setting in SettingTable.All)
        {
            text.Append($"  {setting.Flag} {setting.Value}\n        {setting.Description}; {setting.Variable}\n");
        }

        return text.Append($"  {SettingTable.FileFlag} FILE\n        read settings from FILE in place of /etc/pm/{SettingsFile.Name}, or from none (`{SettingTable.NoFile}`); {SettingTable.FileVariable}\n  --help, --version\n\n{SettingTable.DirectoriesVariable}=DIR:DIR stands for directories when none is named. SIGHUP reloads, SIGTERM stops. The manual: pm help pmd\n").ToString();
    }

    /// <summary>A setting and its value, or, without a setting, the file.</summary>
    static (Setting? Setting, string Value) Option(IReadOnlyList<string> arguments, ref int at)
    {
        var equals = arguments[at].IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? arguments[at] : arguments[at][..equals];
        var setting = SettingTable.All.FirstOrDefault(s => s.Flag == name);
        if (setting is null && name != SettingTable.FileFlag)
        {
            throw Wrong($"there is no option `{name}`");
        }

        return equals >= 0 ? (setting, arguments[at][(equals + 1)..])
            : ++at < arguments.Count ? (setting, arguments[at])
            : throw Wrong($"{name}: {setting?.Value ?? "FILE"} is missing");
    }

    /// <summary>The flags where there are any, else the variable.</summary>
    static string[] Values(Setting setting, List<(Setting Setting, string Value)> flags, DaemonContext context)
    {
        string[] given = [.. flags.Where(f => f.Setting == setting).Select(f => f.Value)];
        return given.Length > 0 ? setting.IsRepeatable ? given : given[^1..]
            : context.Variable(setting.Variable) is not { } value ? []
            : setting.IsRepeatable ? value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : [value];
    }

    static IEnumerable<string> Directories(List<string> named, DaemonContext context, SettingsFile? file) =>
        named.Count > 0 ? Whole(named, context.FullPath)
        : context.Variable(SettingTable.DirectoriesVariable) is { } variable ? Whole(variable.Split(':', StringSplitOptions.RemoveEmptyEntries), context.FullPath)
        : file is null ? []
        : Whole(file.Directories(), file.FullPath);

    static IEnumerable<string> Whole(IEnumerable<string> directories, Func<string, string> fullPath)
    {
        foreach (var argument in directories)
        {
            var (name, path) = Pm.Repositories.Serving.RepositorySet.Split(argument);
            yield return name.Length == 0 ? fullPath(path) : $"{name}={fullPath(path)}";
        }
    }

    static DaemonSettings Checked(DaemonSettings settings) =>
        settings.Directories.IsEmpty ? throw Wrong("which repository? DIR is missing")
        : (settings.TlsCertificate is null) != (settings.TlsKey is null) ? throw Wrong("--tls-certificate and --tls-key go together")
        : settings;

    static DaemonException Wrong(string message) => new(DaemonException.UsageExit, "PM5206", message, "pmd --help");
}
