using Pm.Torture.Gear;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Pm.Torture;

/// <summary>With the word <c>torture</c> first the whole of it, else the tests, which are a sample.</summary>
static class Program
{
    static Task<int> Main(string[] arguments) => arguments switch
    {
        ["torture", .. var names] => Task.FromResult(TortureCommand.Run(names)),
        _ when arguments.Any(a => a is "--server" or "--internal-msbuild-node") =>
            TestPlatformTestFramework.RunAsync(arguments, (builder, args) => builder.AddSelfRegisteredExtensions(args)),
        _ => ConsoleRunner.Run(arguments),
    };
}
