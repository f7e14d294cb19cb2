using System.Text;
using Pm.Cli.Commands;
using Pm.Cli.Output;
using Pm.Simulation;

namespace Pm.Cli.Tests;

/// <summary>A context over memory, and what was written to it.</summary>
sealed class World : IDisposable
{
    readonly MemoryStream _data = new();
    readonly MemoryStream _talk = new();
    readonly MemoryStream _input;

    public World(string input = "", bool onTerminal = false, int width = 80, Dictionary<string, string>? environment = null, ManualClock? clock = null)
    {
        Clock = clock ?? new ManualClock();
        _input = new MemoryStream(Encoding.UTF8.GetBytes(input));
        environment ??= new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = "/home/pat" };
        Context = new PmContext
        {
            Time = Clock,
            Environment = environment,
            WorkingDirectory = "/work",
            Random = new Random(1),
            Terminal = new Terminal(_data, _talk, _input, environment)
            {
                InputIsTerminal = onTerminal,
                OutputIsTerminal = onTerminal,
                TalkIsTerminal = onTerminal,
                Width = width,
            },
            EffectiveUserId = 1000,
            InvokedAs = "pm",
            ExecutablePath = "/usr/bin/pm",
            Settings = CommonOptionSet.Defaults(1000, environment, "/work"),
            SystemDirectory = "/work/etc",
        };
    }

    public ManualClock Clock { get; }

    public PmContext Context { get; set; }

    public string Data
    {
        get
        {
            Context.Terminal.Flush();
            return Encoding.UTF8.GetString(_data.ToArray());
        }
    }

    public string Talk => Encoding.UTF8.GetString(_talk.ToArray());

    public async Task<ExitCode> RunAsync(params string[] arguments) => await Program.RunAsync(Context, arguments);

    public void Dispose()
    {
        _data.Dispose();
        _talk.Dispose();
        _input.Dispose();
    }
}
