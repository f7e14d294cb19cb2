using System.Text;
using Pm.Cli.Commands;
using Pm.Cli.Output;
using Pm.Cli.Personalities;
using Pm.Linux;

namespace Pm.Cli.Tests.Gear;

/// <summary>Calls the entry that <c>Main</c> calls, with a context that touches nothing of this process.</summary>
sealed class InProcessRunner : Runner
{
    public override string ServerFile(Sandbox sandbox, string name) => Path.Combine(AppContext.BaseDirectory, "pm");

    public override async Task<StepResult> RunAsync(
        IReadOnlyList<string> words, Sandbox sandbox, IReadOnlyDictionary<string, string> environment, byte[]? input, bool onTerminal)
    {
        var directory = sandbox.Work;
        using var output = new MemoryStream();
        using var talk = new MemoryStream();
        using var source = new MemoryStream(input ?? []);
        var user = SystemUser.EffectiveUserId;
        var context = new PmContext
        {
            Time = TimeProvider.System,
            Environment = environment,
            WorkingDirectory = directory,
            Random = Random.Shared,
            Terminal = new Terminal(output, talk, source, environment)
            {
                InputIsTerminal = onTerminal,
                OutputIsTerminal = onTerminal,
                TalkIsTerminal = onTerminal,
            },
            EffectiveUserId = user,
            InvokedAs = PersonalityTable.Names(words[0]) ? words[0] : Product.Name,
            ExecutablePath = Path.Combine(AppContext.BaseDirectory, "pm"),
            Settings = CommonOptionSet.Defaults(user, environment, directory),
            SystemDirectory = Path.Combine(sandbox.Top, "etc"),
        };
        var exit = await Program.RunAsync(context, [.. words.Skip(1)]);
        return new StepResult((int)exit, output.ToArray(), Encoding.UTF8.GetString(talk.ToArray()));
    }
}
