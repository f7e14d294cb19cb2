using System.Text;
using Pm.Cli.Rpc;
using Xunit;

namespace Pm.Cli.Tests.Rpc;

/// <summary>What a client is told of a run, by what the run reports.</summary>
public class RpcRunTests
{
    [Fact]
    public void Lost_events_are_told_when_there_are_more()
    {
        using var output = new RpcOutput();
        var run = new RpcRun(output, new RpcAnswer(output, "7"u8.ToArray(), batch: null, 0), 1, "x.o");

        run.TakeReport("""{"kind":"object","programs":["p"],"maps":["m"],"refused":[]}"""u8);
        foreach (var count in new[] { "0", "3", "3", "18446744073709551615", "-1", "\"9\"" })
        {
            run.TakeReport(Encoding.UTF8.GetBytes($$"""{"lost":{{count}}}"""));
        }

        run.End(0, wasAsked: false);

        Assert.Equal(
            """
            {"jsonrpc":"2.0","id":7,"result":{"id":1,"kind":"object","programs":["p"],"maps":["m"],"refused":[]}}
            {"jsonrpc":"2.0","method":"lost","params":{"id":1,"lost":3}}
            {"jsonrpc":"2.0","method":"lost","params":{"id":1,"lost":18446744073709551615}}
            {"jsonrpc":"2.0","method":"end","params":{"id":1,"code":0,"lost":18446744073709551615}}

            """.ReplaceLineEndings("\n"),
            Encoding.UTF8.GetString(output.Held));
    }
}
