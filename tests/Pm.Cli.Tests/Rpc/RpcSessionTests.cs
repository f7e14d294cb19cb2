using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Pm.Cli.Tests.Ebpf;
using Pm.Ebpf.Probing;
using Xunit;

namespace Pm.Cli.Tests.Rpc;

/// <summary>Sessions in which one side waits for the other, so no case can hold them.</summary>
public class RpcSessionTests
{
    [Fact]
    public async Task Runs_go_on_beside_each_other_until_they_are_stopped()
    {
        using var client = new RpcClient();
        client.Send(Run(1, "/bin/sh", "-c", "echo first; exec sleep 1000"));
        client.Send(Run(2, "/bin/sh", "-c", "trap 'echo ended; exit 3' INT; echo second; sleep 1000 & wait"));
        var outputs = new[] { await client.NextAsync(IsMethod("output")), await client.NextAsync(IsMethod("output")) };
        var second = outputs.Single(o => Params(o, "text") == "second").GetProperty("params").GetProperty("id").GetInt32();

        client.Send($$$"""{"jsonrpc":"2.0","id":3,"method":"stop","params":{"id":{{{second}}}}}""");

        Assert.Equal("ended", Params(await client.NextAsync(IsMethod("output")), "text"));
        Assert.Equal($$$"""{"id":{{{second}}},"code":3,"lost":0}""", (await client.NextAsync(IsMethod("end"))).GetProperty("params").GetRawText());
        Assert.Equal(3, (await client.AnswerAsync(3)).GetProperty("result").GetProperty("code").GetInt32());
        Assert.Equal(0, await client.EndAsync());
    }

    [Fact]
    public async Task What_a_program_leaves_behind_ends_with_it()
    {
        using var client = new RpcClient();
        client.Send(Run(1, "/bin/sh", "-c", "sleep 1000 & echo $!; wait"));
        var left = int.Parse(Params(await client.NextAsync(IsMethod("output")), "text"), CultureInfo.InvariantCulture);

        client.Send("""{"jsonrpc":"2.0","id":2,"method":"stop","params":{"id":1}}""");
        _ = await client.AnswerAsync(2);

        // It was killed before the answer; that it is gone the kernel says when it gets to it.
        Assert.True(SpinWait.SpinUntil(() => HasEnded(left), TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task What_runs_ends_when_pm_is_killed()
    {
        using var client = new RpcClient();
        client.Send(Run(1, "/bin/sh", "-c", "echo $$; exec sleep 1000"));
        var program = int.Parse(Params(await client.NextAsync(IsMethod("output")), "text"), CultureInfo.InvariantCulture);

        await client.KillAsync();

        Assert.True(SpinWait.SpinUntil(() => HasEnded(program), TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_waited_for_and_loses_nothing()
    {
        using var client = new RpcClient();
        client.Send(Run(1, "/bin/sh", "-c", "i=0; while [ $i -lt 40000 ]; do echo 0123456789012345678901234567890123456789012345678901234567890123456789; i=$((i+1)); done; echo last"));
        client.Send("""{"jsonrpc":"2.0","id":2,"method":"list"}""");
        var count = 0;
        while (Params(await client.NextAsync(IsMethod("output")), "text") != "last")
        {
            count++;
        }

        Assert.Equal(40000, count);
    }

    [Fact]
    public async Task A_request_that_is_worked_on_is_cancelled()
    {
        using var client = new RpcClient();
        client.Send("""{"jsonrpc":"2.0","id":1,"method":"cancel","params":{"request":7}}""");
        Assert.False((await client.AnswerAsync(1)).GetProperty("result").GetBoolean());
        var many = string.Join(',', Enumerable.Range(10, 30).Select(id => $$"""{"jsonrpc":"2.0","id":{{id}},"method":"version"}"""));

        client.Send($"[{many},{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"cancel\",\"params\":{{\"request\":39}}}}]");
        var answers = (await client.NextAsync()).GetValueOrDefault();

        Assert.True(answers[30].GetProperty("result").GetBoolean());
        Assert.Equal("PM0003", answers[29].GetProperty("error").GetProperty("data").GetProperty("code").GetString());
        Assert.Equal(Product.Version, answers[0].GetProperty("result").GetProperty("version").GetString());
    }

    [Fact]
    public async Task An_object_tells_its_events_or_why_it_does_not_run()
    {
        var kernel = new KernelProbe();
        using var watched = new QuietProcess();
        using var client = new RpcClient();
        client.Send(Run(1, Object("opens"), "--pid", $"{watched.Id}"));
        var answer = await client.AnswerAsync(1);
        if (!kernel.MayTrace)
        {
            Assert.Equal("PM8030", answer.GetProperty("error").GetProperty("data").GetProperty("code").GetString());
            return;
        }

        Assert.SkipUnless(kernel.TryMountTracefs(), "tracefs is not mounted");
        Assert.Equal("""{"id":1,"kind":"object","programs":["entered"],"maps":["events"],"refused":[]}""", answer.GetProperty("result").GetRawText());
        watched.Open("/pm-rpc-is-not-there");
        var told = await client.NextAsync(l => IsMethod("event")(l) && l.GetRawText().Contains("/pm-rpc-is-not-there", StringComparison.Ordinal));
        Assert.Equal(watched.Id, told.GetProperty("params").GetProperty("data").GetProperty("pid").GetInt32());
        client.Send("""{"jsonrpc":"2.0","id":2,"method":"stop","params":{"id":1}}""");
        Assert.Equal("""{"id":1,"code":0,"lost":0}""", (await client.AnswerAsync(2)).GetProperty("result").GetRawText());
    }

    [Theory, InlineData("--help"), InlineData("-h")]
    public async Task Help_of_an_object_is_told_as_a_program_that_writes_it(string flag)
    {
        var target = Object("opens");
        using var client = new RpcClient();
        client.Send(Run(1, target, flag));

        Assert.Equal("program", (await client.AnswerAsync(1)).GetProperty("result").GetProperty("kind").GetString());
        Assert.Equal($"Usage: pm run {target} [-- FLAG…]", Params(await client.NextAsync(IsMethod("output")), "text"));
        Assert.Equal("""{"id":1,"code":0,"lost":0}""", (await client.NextAsync(IsMethod("end"))).GetProperty("params").GetRawText());
        client.Send($$$"""{"jsonrpc":"2.0","id":2,"method":"run","params":{"target":"{{{target}}}","arguments":["{{{flag}}}"],"detach":true}}""");
        Assert.Equal("PM1002", (await client.AnswerAsync(2)).GetProperty("error").GetProperty("data").GetProperty("code").GetString());
        Assert.Equal(0, await client.EndAsync());
    }

    [Fact]
    public async Task What_runs_on_its_own_is_begun_listed_read_by_another_client_and_stopped()
    {
        var kernel = new KernelProbe();
        Assert.SkipUnless(kernel.MayTrace, $"loading eBPF programs needs root or CAP_BPF and CAP_PERFMON (have: {kernel.Capabilities})");
        Assert.SkipUnless(kernel.TryMountTracefs() && KernelProbe.TryMountBpffs(), "tracefs or bpffs is not mounted");
        using var watched = new QuietProcess();
        var directory = Directory.CreateTempSubdirectory("pm-rpc-");
        var name = $"rpc-{Environment.ProcessId}";
        var copy = Path.Join(directory.FullName, name + ".bpf.o");
        File.Copy(Object("opens"), copy);
        using (var first = new RpcClient())
        {
            first.Send($$$"""{"jsonrpc":"2.0","id":1,"method":"run","params":{"target":"{{{copy}}}","detach":true,"arguments":["--pid","{{{watched.Id}}}"]}}""");
            Assert.Equal($$"""{"name":"{{name}}/1","programs":["entered"],"refused":[]}""", (await first.AnswerAsync(1)).GetProperty("result").GetRawText());
            first.Send("""{"jsonrpc":"2.0","id":2,"method":"runs"}""");
            Assert.Equal("[]", (await first.AnswerAsync(2)).GetProperty("result").GetRawText());
            Assert.Equal(0, await first.EndAsync());
        }

        using var client = new RpcClient();
        try
        {
            client.Send("""{"jsonrpc":"2.0","id":1,"method":"ps"}""");
            var listed = (await client.AnswerAsync(1)).GetProperty("result").GetProperty("running").EnumerateArray().Single(r => r.GetProperty("name").GetString() == $"{name}/1");
            Assert.Equal(copy, listed.GetProperty("object").GetString());
            watched.Open("/pm-rpc-is-not-there");

            client.Send($$$"""{"jsonrpc":"2.0","id":2,"method":"logs","params":{"name":"{{{name}}}","follow":true}}""");
            Assert.Equal($$"""{"id":1,"kind":"object","name":"{{name}}/1","programs":["entered"],"maps":["events"]}""", (await client.AnswerAsync(2)).GetProperty("result").GetRawText());
            _ = await client.NextAsync(l => IsMethod("event")(l) && l.GetRawText().Contains("/pm-rpc-is-not-there", StringComparison.Ordinal));
            client.Send($$$"""{"jsonrpc":"2.0","id":3,"method":"logs","params":{"name":"{{{name}}}"}}""");
            Assert.Equal("PM8054", (await client.AnswerAsync(3)).GetProperty("error").GetProperty("data").GetProperty("code").GetString());
            client.Send("""{"jsonrpc":"2.0","id":4,"method":"stop","params":{"id":1}}""");
            Assert.Equal("""{"id":1,"code":0,"lost":0}""", (await client.AnswerAsync(4)).GetProperty("result").GetRawText());

            // What waits is told, and that is the end of it: once more where the file was opened too late for the first.
            watched.Open("/pm-rpc-is-not-there-either");
            JsonElement ended;
            int reader;
            var isTold = false;
            do
            {
                client.Send($$$"""{"jsonrpc":"2.0","id":5,"method":"logs","params":{"name":"{{{name}}}"}}""");
                reader = (await client.AnswerAsync(5)).GetProperty("result").GetProperty("id").GetInt32();
                ended = await client.NextAsync(l => IsMethod("end")(l) || (isTold |= l.GetRawText().Contains("/pm-rpc-is-not-there-either", StringComparison.Ordinal)) && false);
            }
            while (!isTold);

            Assert.Equal($$"""{"id":{{reader}},"code":0,"lost":0}""", ended.GetProperty("params").GetRawText());
        }
        finally
        {
            client.Send($$$"""{"jsonrpc":"2.0","id":6,"method":"stop","params":{"names":"{{{name}}}"}}""");
            Assert.Equal($$"""{"dry_run":false,"names":["{{name}}/1"]}""", (await client.AnswerAsync(6)).GetProperty("result").GetRawText());
            directory.Delete(recursive: true);
        }

        client.Send($$$"""{"jsonrpc":"2.0","id":7,"method":"stop","params":{"names":"{{{name}}}"}}""");
        Assert.Equal(4, (await client.AnswerAsync(7)).GetProperty("error").GetProperty("code").GetInt32());
    }

    static string Run(int id, string target, params string[] arguments)
    {
        var words = string.Join(',', arguments.Select(a => $"\"{JsonEncodedText.Encode(a)}\""));
        return $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"run","params":{"target":"{{{target}}}","arguments":[{{{words}}}]}}""";
    }

    static Func<JsonElement, bool> IsMethod(string name) => line => line.ValueKind is JsonValueKind.Object && line.TryGetProperty("method", out var method) && method.ValueEquals(name);

    static string Params(JsonElement line, string name) => line.GetProperty("params").GetProperty(name).GetString()!;

    /// <summary>Gone, or nobody has asked yet how it ended.</summary>
    static bool HasEnded(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/stat").Split(") ")[^1].StartsWith('Z');
        }
        catch (IOException)
        {
            return true;
        }
    }

    static string Object(string name, [CallerFilePath] string here = "") => Path.GetFullPath(Path.Join(Path.GetDirectoryName(here), "../../Pm.Ebpf.Tests/objects", name + ".o"), "/");
}
