using Xunit;

namespace Pm.Linux.Tests;

public class DurableFileTests
{
    [Fact]
    public void A_file_is_made_and_then_replaced_with_exactly_the_mode_asked_for()
    {
        using var here = new TestDirectory();

        DurableFile.Replace(here["state"], "one"u8, Convert.ToInt32("666", 8));
        DurableFile.Replace(here.Handle, "state", "two"u8, Convert.ToInt32("600", 8));

        Assert.Equal("two", File.ReadAllText(here["state"]));
        Assert.Equal(Convert.ToInt32("600", 8), here.Handle.Status("state")!.Value.Mode);
        Assert.Equal("state", Assert.Single(here.Handle.Entries()).Name);
    }

    [Fact]
    public void What_killed_processes_left_goes_and_what_others_write_stays()
    {
        using var here = new TestDirectory();
        var own = DurableFile.TemporaryName();
        // No process has such a number: it is beyond what the kernel gives out (PID_MAX_LIMIT).
        var (dead, alive, mine) = (".pm-tmp-4194999-1", ".pm-tmp-1-7", $".pm-tmp-{Environment.ProcessId}-1000000000");
        foreach (var name in new[] { own, dead, alive, mine, "file", ".pm-tmp-" })
        {
            here.Write(name, "");
        }
        here.Handle.MakeDirectory(dead + "d", Octal.Mode("755"));

        DurableFile.ClearLeft(here.Handle, isAlone: false);
        Assert.Equal(new[] { own, alive, "file", ".pm-tmp-" }.Order(), here.Handle.Entries().Select(e => e.Name).Order());

        DurableFile.ClearLeft(here.Handle);
        Assert.Equal(new[] { alive, "file", ".pm-tmp-" }.Order(), here.Handle.Entries().Select(e => e.Name).Order());
    }
}
