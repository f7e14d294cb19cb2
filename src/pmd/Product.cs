namespace Pm.Daemon;

/// <summary>What this executable is called and which release it is: the same as pm's.</summary>
static class Product
{
    public const string Name = "pmd";

    public const string Version = "0.1.0";
}
