using Pm.Linux;
using Xunit;

namespace Pm.Cli.Tests;

public class ErrorReportTests
{
    public static TheoryData<Exception, int, string> Faults => new()
    {
        { new CommandException(ExitCode.NotFound, "PM1005", "x"), 4, "PM1005" },
        { new OperationCanceledException(), 130, "PM0003" },
        { new SystemCallException("open", Errno.EACCES, "/x"), 5, "PM0005" },
        { new SystemCallException("open", Errno.ENOSPC, "/x"), 1, "PM0006" },
        { new SystemCallException("open", Errno.EROFS, "/x"), 1, "PM0007" },
        { new SystemCallException("open", Errno.ENOENT, "/x"), 4, "PM0008" },
        { new SystemCallException("open", Errno.EIO, "/x"), 1, "PM0004" },
        { new UnauthorizedAccessException("Access to the path '/x' is denied."), 5, "PM0005" },
        { new FileNotFoundException("Could not find file.", "/x"), 4, "PM0008" },
        { new IOException("No space left on device : '/x'", Errno.ENOSPC), 1, "PM0006" },
        { new IOException("odd"), 1, "PM0004" },
        { new InsufficientExecutionStackException(), 1, "PM0002" },
        { new InvalidOperationException("Bad."), 1, "PM0001" },
    };

    [Theory, MemberData(nameof(Faults))]
    public void Each_fault_has_an_exit_code_and_a_code(Exception fault, int exit, string code)
    {
        var failure = ErrorReport.Describe(fault);

        Assert.Equal((exit, code), ((int)failure.Exit, failure.Code));
        Assert.DoesNotMatch("\\.$|^[A-Z][a-z]", failure.Message);
    }

    [Fact]
    public void A_stack_trace_is_shown_only_when_asked_for()
    {
        using var plain = new World();
        using var debug = new World(environment: new(StringComparer.Ordinal) { ["HOME"] = "/", ["PM_DEBUG"] = "1" });

        ErrorReport.Print(plain.Context, Thrown());
        ErrorReport.Print(debug.Context, Thrown());

        Assert.DoesNotContain("   at ", plain.Talk, StringComparison.Ordinal);
        Assert.Contains("please report", plain.Talk, StringComparison.Ordinal);
        Assert.Contains("   at ", debug.Talk, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_pipe_ends_quietly()
    {
        using var world = new World();

        Assert.Equal(ExitCode.BrokenPipe, ErrorReport.Print(world.Context, new SystemCallException("write", Errno.EPIPE, "standard output")));
        Assert.Equal("", world.Talk);
    }

    [Fact]
    public void A_message_from_outside_cannot_steer_the_terminal()
    {
        using var world = new World(onTerminal: true, environment: new(StringComparer.Ordinal) { ["HOME"] = "/", ["TERM"] = "dumb" });

        ErrorReport.Print(world.Context, new Failure(ExitCode.Failed, "PM0004", "evil \e]0;title\a", "also \e[2J"));

        Assert.Equal("pm: error[PM0004]: evil \\u001b]0;title\\u0007\nhint: also \\u001b[2J\n", world.Talk);
    }

    [Fact]
    public async Task With_json_the_error_is_a_document_too()
    {
        using var world = new World();

        var exit = await world.RunAsync("version", "--json", "--jsno");

        Assert.Equal(ExitCode.Usage, exit);
        Assert.StartsWith("""{"schema":"pm/1","kind":"error","data":{"code":"PM1002","message":"unknown option""", world.Data, StringComparison.Ordinal);
    }

    static InvalidOperationException Thrown()
    {
        try
        {
            throw new InvalidOperationException("Broken.");
        }
        catch (InvalidOperationException e)
        {
            return e;
        }
    }
}
