using Pm.Fuzzing.Gear;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Pm.Fuzzing;

/// <summary>With the word <c>fuzz</c> first the fuzzer, else the tests.</summary>
static class Program
{
    static Task<int> Main(string[] arguments) => arguments switch
    {
        ["fuzz", .. var names] => Task.FromResult(FuzzCommand.Run(names)),
        _ when arguments.Any(a => a is "--server" or "--internal-msbuild-node") =>
            TestPlatformTestFramework.RunAsync(arguments, (builder, args) => builder.AddSelfRegisteredExtensions(args)),
        _ => ConsoleRunner.Run(arguments),
    };
}
