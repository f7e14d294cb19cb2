using System.CommandLine;
using Pm.Cli.Configuration;
using Pm.Linux;

namespace Pm.Cli.Commands.Configuration;

/// <summary>In which file <c>pm config set</c> and <c>unset</c> make their change.</summary>
sealed class SettingTargetOptions
{
    public const CommonOptions Takes = CommonOptions.Json | CommonOptions.DryRun;

    readonly Option<bool> _system = new("--system") { Description = "in /etc/pm/config.toml, for all users of this machine" };
    readonly Option<bool> _project = new("--project") { Description = "in [settings] of the pm.toml in the working directory" };

    public static IReadOnlyList<ExitCode> Exits { get; } = [ExitCode.NotFound, ExitCode.NotPermitted, ExitCode.Invalid];

    public Option[] All => [_system, _project];

    /// <exception cref="CommandException">It cannot be told where.</exception>
    public SettingTarget Read(PmContext context, ParseResult parsed) => SettingTarget.Of(context, parsed.Given(_system), parsed.Given(_project));

    /// <exception cref="CommandException">PM0005: the user may not.</exception>
    public static void Save(SettingTarget target, SettingEdit edit)
    {
        try
        {
            edit.Save();
        }
        catch (SystemCallException e) when (e.Errno is Errno.EACCES or Errno.EPERM or Errno.EROFS && target.Level is SettingLevel.System)
        {
            throw new CommandException(ExitCode.NotPermitted, "PM0005", e.Message, "do it as the super-user, or leave out `--system`: then it is for you alone");
        }
    }
}
