using System.CommandLine;
using Pm.Cli.Ebpf;

namespace Pm.Cli.Commands.Running;

/// <summary><c>pm logs NAME</c></summary>
static class LogsCommand
{
    public const string Summary = "show the events of what runs on its own";

    public static CommandDeclaration Declare()
    {
        var name = new Argument<string>("NAME") { Description = "as `pm ps` shows it; the number may be left out where only one of that name runs" };
        var follow = new Option<bool>("--follow", "-f") { Description = "go on with those that come, until ^C or the end of what is followed" };
        var style = new EventOptions();
        var report = RunReport.Option();
        return new CommandDeclaration
        {
            Arguments = [name],
            Options = [follow, .. style.All, report],
            Exits = [ExitCode.NotFound, ExitCode.NotPermitted, ExitCode.LockBusy],
            Complete = PinnedNames.Complete,
            RunAsync = (context, parsed) => RunReport.AroundAsync(parsed.Given(report), told => ValueTask.FromResult(
                PinnedEvents.Show(context, parsed.GetRequiredValue(name), style.Style(parsed), parsed.Given(follow), style.Duration(parsed), told))),
        };
    }
}
