using Xunit;

namespace Pm.Linux.Tests;

public class AccountDatabaseTests
{
    [Fact]
    public void Names_and_numbers_are_found_both_ways_and_nonsense_is_passed_over()
    {
        using var here = new TestDirectory();
        here.Write("passwd", "root:x:0:0:root:/root:/bin/sh\ntoor:x:0:0::/other:\n# c:x:1:1::/:\n\nbroken\nneg:x:-1:1::/:\n"
            + "big:x:4294967296:1::/:\nshort:x:7\n:x:8:8::/:\nroot:x:9:9::/late:\nannette:x:1000:100:A:/home/annette:/bin/zsh");
        here.Write("group", "root:x:0:\nusers:x:100:annette,bob\n");

        var accounts = AccountDatabase.Load(here.Path);

        Assert.Equal((0u, 0u, 1000u, 7u), (accounts.UserId("root"), accounts.UserId("toor"), accounts.UserId("annette"), accounts.UserId("short")));
        Assert.Equal(("root", "annette", "/root", "/home/annette"),
            (accounts.UserName(0), accounts.UserName(1000), accounts.Home(0), accounts.Home(1000)));
        Assert.Equal((100u, "users"), (accounts.GroupId("users"), accounts.GroupName(100)));
        foreach (var name in "broken,neg,big,,# c,nobody".Split(','))
        {
            Assert.Null(accounts.UserId(name));
        }
        Assert.Null(accounts.UserName(8));
        Assert.Null(accounts.Home(7));
    }

    [Fact]
    public void Missing_files_hold_nobody() => Assert.Null(AccountDatabase.Load("/none/such").UserId("root"));

    [Fact]
    public void This_process_acts_as_who_the_kernel_says()
    {
        var id = Puppet.Shell("id -u; id -g; id -un").OutputText.Split('\n');

        Assert.Equal((id[0], id[1], id[2]), ($"{SystemUser.EffectiveUserId}", $"{SystemUser.EffectiveGroupId}", SystemUser.Name));
        Assert.Equal(SystemUser.EffectiveUserId == 0, SystemUser.IsRoot);
    }
}
