using System.Text;

namespace Pm.Daemon.Settings;

/// <summary>The settings of a command line and an environment.</summary>
static class CommandLine
{
    /// <exception cref="DaemonException">PM5206: a flag that does not exist, without its value, or with a wrong one.</exception>
    public static DaemonSettings Parse(IReadOnlyList<string> arguments, DaemonContext context)
    {
        var flags = new List<(Setting Setting, string Value)>();
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
                flags.Add(Flag(arguments, ref at));
            }
        }

        var settings = SettingTable.All.Aggregate(new DaemonSettings(), (s, setting) =>
            Values(setting, flags, context).Aggregate(s, (one, value) => setting.Apply(one, value, context)));
        return Checked(settings with { Directories = [.. Directories(directories, context)] });
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

        return text.Append($"  --help, --version\n\n{SettingTable.DirectoriesVariable}=DIR:DIR stands for directories when none is named. SIGHUP reloads, SIGTERM stops. The manual: pm help pmd\n").ToString();
    }

    static (Setting Setting, string Value) Flag(IReadOnlyList<string> arguments, ref int at)
    {
        var equals = arguments[at].IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? arguments[at] : arguments[at][..equals];
        var setting = SettingTable.All.FirstOrDefault(s => s.Flag == name)
            ?? throw Wrong($"there is no option `{name}`");
        return equals >= 0 ? (setting, arguments[at][(equals + 1)..])
            : ++at < arguments.Count ? (setting, arguments[at])
            : throw Wrong($"{name}: {setting.Value} is missing");
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

    static IEnumerable<string> Directories(List<string> named, DaemonContext context)
    {
        IEnumerable<string> all = named.Count > 0 ? named
            : context.Variable(SettingTable.DirectoriesVariable)?.Split(':', StringSplitOptions.RemoveEmptyEntries) ?? [];
        foreach (var argument in all)
        {
            var (name, path) = Pm.Repositories.Serving.RepositorySet.Split(argument);
            yield return name.Length == 0 ? context.FullPath(path) : $"{name}={context.FullPath(path)}";
        }
    }

    static DaemonSettings Checked(DaemonSettings settings) =>
        settings.Directories.IsEmpty ? throw Wrong("which repository? DIR is missing")
        : (settings.TlsCertificate is null) != (settings.TlsKey is null) ? throw Wrong("--tls-certificate and --tls-key go together")
        : settings;

    static DaemonException Wrong(string message) => new(DaemonException.UsageExit, "PM5206", message, "pmd --help");
}
