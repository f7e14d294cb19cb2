# frozen_string_literal: true

Gem::Specification.new do |gem|
  gem.name = "ebpm"
  gem.version = "0.1.0"
  gem.summary = "Run eBPF objects and programs through pm"
  gem.authors = ["the authors of pm"]
  gem.license = "BSD-2-Clause"
  gem.required_ruby_version = ">= 2.7"
  gem.files = ["lib/ebpm.rb", "README.md"]
end
